// Paths that are about the server, not about objects: version, health, discovery, OpenAPI.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { discoveryVersion } from './accept';
import type { Context } from './context';
import { aggregated, coreVersions, groupList, oneGroup, resourceList, VERSION } from './discovery';
import { sendBytes, sendJson, sendText } from './http';
import { openApiDocument, openApiIndex, openApiV2, openApiV2Protobuf } from './openapi';
import { noSuchPath } from './status';

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const PUBLIC = /^\/(healthz|livez|readyz|version)(\/.*)?$/;

/** Answers what needs no login: health and version. */
export function sendPublic(path: string, query: URLSearchParams, response: ServerResponse): boolean {
  const what = PUBLIC.exec(path)?.[1];
  if (what === undefined) return false;
  if (what === 'version') sendJson(response, 200, VERSION);
  else sendText(response, 200, query.has('verbose') ? `[+]ping ok\n${what} check passed\n` : 'ok');
  return true;
}

function sendFound(response: ServerResponse, value: unknown): true {
  if (value === undefined) throw noSuchPath();
  sendJson(response, 200, value);
  return true;
}

function sendOpenApi(context: Context, path: string, accept: string, response: ServerResponse): boolean {
  if (path === '/openapi/v2') {
    if (accept.includes('protobuf')) sendBytes(response, 200, openApiV2Protobuf(), PROTOBUF);
    else sendJson(response, 200, openApiV2());
    return true;
  }
  if (path === '/openapi/v3') return sendFound(response, openApiIndex(context.storage));
  if (!path.startsWith('/openapi/v3/')) return false;
  return sendFound(response, openApiDocument(context.storage, path.slice('/openapi/v3/'.length)));
}

/** Answers discovery and OpenAPI; false for other paths. */
export function sendMeta(
  context: Context,
  path: string,
  message: IncomingMessage,
  response: ServerResponse,
): boolean {
  const accept = message.headers.accept ?? '';
  const [root, group, version, ...rest] = path.split('/').filter((part) => part !== '');
  if (root === 'openapi') return sendOpenApi(context, path.replace(/\/$/, ''), accept, response);
  if (rest.length > 0 || (root !== 'api' && root !== 'apis')) return false;
  if (group === undefined) {
    const all = discoveryVersion(accept);
    if (all !== undefined) {
      const type = `application/json;g=apidiscovery.k8s.io;v=${all};as=APIGroupDiscoveryList`;
      sendJson(response, 200, aggregated(context.storage, root === 'api', all), type);
      return true;
    }
    return sendFound(
      response,
      root === 'api' ? coreVersions(new URL(context.url).host) : groupList(context.storage),
    );
  }
  if (root === 'api') {
    if (version !== undefined) return false;
    return sendFound(response, resourceList(context.storage, '', group));
  }
  if (version === undefined) return sendFound(response, oneGroup(context.storage, group));
  return sendFound(response, resourceList(context.storage, group, version));
}
