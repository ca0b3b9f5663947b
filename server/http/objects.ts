import 'server-only';
import { RESOURCES } from '@/lib/kube/resources';
import { WITHHELD } from '@/lib/kube/rights';
import type { ObjectAddress } from '@/server/cluster/fetch-object';
import type { HttpContext } from './context';
import { json, notFound, problem } from './problem';

const PREFIX = '/api/v1/objects/';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Wrong address',
  403: 'Forbidden',
  404: 'Not found',
};

const nameOf = ({ group, resource }: Pick<ObjectAddress, 'group' | 'resource'>) =>
  group === '' ? resource : `${resource}.${group}`;

/** What nodes and findings stand for, and what owns their pods; whatever else the credentials may read is nobody's business here. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...RESOURCES.filter((row) => !WITHHELD.has(row.id)).map(nameOf),
  'replicasets.apps',
]);

/** `GET /api/v1/objects/{group|core}/{version}/{resource}/{namespace|-}/{name}` */
export async function getObject(request: Request, context: HttpContext): Promise<Response> {
  const address = addressOf(new URL(request.url).pathname);
  if (!address)
    return notFound('The path is /api/v1/objects/{group|core}/{version}/{resource}/{namespace|-}/{name}.');
  if (!ALLOWED.has(nameOf(address)))
    return notFound(`Only objects behind nodes are given; allowed: ${[...ALLOWED].sort().join(', ')}.`);
  if (!context.fetchObject) {
    const { reason = 'there is no cluster to ask yet' } = context.hub.head.cluster;
    return problem({ status: 503, title: 'No cluster', detail: reason, headers: { 'Retry-After': '5' } });
  }
  const { status, body, reason } = await context.fetchObject(address);
  if (body) return json(body);
  const shown = status >= 400 ? status : 502;
  return problem({ status: shown, title: TITLES[shown] ?? 'The cluster did not answer', detail: reason });
}

function addressOf(pathname: string): ObjectAddress | null {
  const parts = pathname.slice(PREFIX.length).split('/').map(decoded);
  const [group, version, resource, namespace, name] = parts;
  if (parts.length !== 5 || !group || !version || !resource || !namespace || !name) return null;
  return {
    group: group === 'core' ? '' : group,
    version,
    resource,
    namespace: namespace === '-' ? '' : namespace,
    name,
  };
}

/** '' for what is no valid encoding: then there is no such object. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
