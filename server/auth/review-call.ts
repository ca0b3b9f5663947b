import 'server-only';
import http from 'node:http';
import https from 'node:https';
import packageJson from '@/package.json' with { type: 'json' };
import type { KubeAccess } from '@/server/cluster/access';
import type { Credentials } from '@/server/cluster/agents';

/** The only paths that are ever posted to: reviews are answered and not stored. */
export type ReviewPath =
  | '/apis/authentication.k8s.io/v1/tokenreviews'
  | '/apis/authorization.k8s.io/v1/subjectaccessreviews';

const ANSWER_WITHIN_MS = 5000;
const LONGEST_ANSWER = 1024 * 1024;

/** The cluster gave no answer to a review. `status`: 0 where it said nothing at all. */
export class ReviewError extends Error {
  override readonly name = 'ReviewError';
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The status of a review that the dashboard's own account asks for; {@link ReviewError} where there is none. */
export async function postReview(access: KubeAccess, path: ReviewPath, spec: object): Promise<unknown> {
  const kind = path.endsWith('tokenreviews') ? 'TokenReview' : 'SubjectAccessReview';
  const apiVersion = path.split('/').slice(2, 4).join('/');
  const body = JSON.stringify({ apiVersion, kind, spec });
  const first = await send(await credentialsOf(access), path, body);
  if (first.status !== 401) return statusOf(first, path);
  // A token that was rotated meanwhile: read it again, once.
  access.refresh();
  return statusOf(await send(await credentialsOf(access), path, body), path);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function credentialsOf(access: KubeAccess): Promise<Credentials> {
  try {
    return await access.credentials();
  } catch (cause) {
    throw new ReviewError(0, 'the dashboard has no credentials for the cluster', { cause });
  }
}

function statusOf({ status, text }: Answer, path: ReviewPath): unknown {
  const resource = path.split('/').at(-1);
  if (status === 403)
    throw new ReviewError(
      403,
      `the dashboard's account may not create ${resource}: grant it "create" on them`,
    );
  if (status !== 200 && status !== 201)
    throw new ReviewError(status, `the cluster answered ${status} to a request for ${resource}`);
  try {
    return (JSON.parse(text) as { readonly status?: unknown }).status;
  } catch (cause) {
    throw new ReviewError(status, `the cluster's answer on ${resource} is no JSON`, { cause });
  }
}

function send({ server, headers, agent }: Credentials, path: ReviewPath, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const fail = (cause: unknown) =>
    reject(
      cause instanceof ReviewError ? cause : new ReviewError(0, 'the cluster cannot be reached', { cause }),
    );
  const request = (server.protocol === 'http:' ? http : https).request({
    method: 'POST',
    host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: server.port,
    path: `${server.pathname.replace(/\/+$/, '')}${path}`,
    headers: {
      ...headers,
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': `${packageJson.name}/${packageJson.version}`,
    },
    agent,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  request.on('error', fail);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('error', fail);
    response.on('data', (piece: string) => {
      text += piece;
      if (text.length > LONGEST_ANSWER) response.destroy(new ReviewError(0, 'the answer is too long'));
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  });
  request.end(body);
  return promise;
}
