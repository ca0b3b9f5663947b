import 'server-only';
import type { Config } from '@/server/config';
import { asApiError, statusError } from './api-error';
import type { KubeClient } from './kube-client';
import { redactObject } from './redact';

/** What names one object of the API; `group` is empty for core, `namespace` for what has none. */
export interface ObjectAddress {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface FetchedObject {
  /** HTTP status to answer with. */
  readonly status: number;
  /** The redacted object of a 200, else null. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Why there is no object; empty with a 200. */
  readonly reason: string;
}

const WORD = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const GROUP = /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const VERSION = /^v\d{1,3}((alpha|beta)\d{1,3})?$/;

/** As the API's own path-segment rule: neither `.` nor `..`, no slash, no percent sign; and nothing invisible. */
function isName(name: string): boolean {
  if (name.length === 0 || name.length > 253 || name === '.' || name === '..') return false;
  return Array.from(name).every(
    (character) => character > ' ' && character !== '\u007f' && !'/%\\?#'.includes(character),
  );
}

/** Why an address is no object of the API; empty when it is fine. */
export function addressProblem({ group, version, resource, namespace, name }: ObjectAddress): string {
  if (group !== '' && (!GROUP.test(group) || group.length > 253)) return 'no valid API group';
  if (!VERSION.test(version)) return 'no valid API version';
  if (!WORD.test(resource)) return 'no valid resource name';
  if (namespace !== '' && !WORD.test(namespace)) return 'no valid namespace';
  return isName(name) ? '' : 'no valid object name';
}

export interface FetchOptions {
  readonly client: KubeClient;
  readonly config: Pick<Config, 'namespaces' | 'secrets'>;
  readonly signal: AbortSignal;
  readonly answerWithin: number;
}

/** One object, fetched now and redacted; every failure is an answer. */
export async function fetchObject(
  address: ObjectAddress,
  { client, config, signal, answerWithin }: FetchOptions,
): Promise<FetchedObject> {
  const problem = addressProblem(address);
  if (problem !== '') return { status: 400, body: null, reason: problem };
  const { group, version, resource, namespace, name } = address;
  const isSecret = resource === 'secrets';
  if (isSecret && config.secrets === 'off') return { status: 403, body: null, reason: 'ATLAS_SECRETS=off' };
  if (namespace !== '' && config.namespaces.length > 0 && !config.namespaces.includes(namespace)) {
    return { status: 403, body: null, reason: 'the namespace is not among ATLAS_NAMESPACES' };
  }
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${root}${namespace === '' ? '' : `/namespaces/${namespace}`}/${resource}/${encodeURIComponent(name)}`;
  try {
    const { status, body } = await client.json(path, { signal, answerWithin });
    if (status === 200) return { status, body: redactObject(body, isSecret), reason: '' };
    return { status, body: null, reason: statusError(status, JSON.stringify(body)).message };
  } catch (thrown) {
    const { kind, status, message } = asApiError(thrown);
    // Our own credentials are at fault, not those of who asks.
    if (kind === 'unauthorized') return { status: 502, body: null, reason: message };
    return { status: status >= 400 ? status : 502, body: null, reason: message };
  }
}
