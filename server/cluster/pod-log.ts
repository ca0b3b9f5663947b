import 'server-only';
import type { LogTarget } from '@/lib/diagnosis/wanted';
import { asApiError } from './api-error';
import type { KubeClient, RequestOptions } from './kube-client';

const LONGEST = 256 * 1024;

export interface LogQuery {
  readonly tailLines: number;
  /** Of the container before its last restart. */
  readonly previous?: boolean;
  readonly sinceSeconds?: number;
}

/** Lines, a refusal with its reason, or nothing this time (no container yet, pod gone, server silent). */
export type LogAnswer =
  | { readonly state: 'read'; readonly lines: readonly string[] }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'nothing' };

/** The newest lines of a container with the kubelet's timestamps: bounded in lines and bytes, `get` on pods/log alone. */
export async function podLog(
  client: KubeClient,
  { namespace, pod, container }: LogTarget,
  { tailLines, previous = false, sinceSeconds }: LogQuery,
  options: RequestOptions,
): Promise<LogAnswer> {
  const query = new URLSearchParams({
    ...(container === '' ? {} : { container }),
    timestamps: 'true',
    tailLines: String(tailLines),
    limitBytes: String(LONGEST),
    ...(previous ? { previous: 'true' } : {}),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds: String(sinceSeconds) }),
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`;
  try {
    const text = await textOf(client, path, options);
    return { state: 'read', lines: text.split('\n').filter((line) => line.trim() !== '') };
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.kind === 'forbidden') return { state: 'unreadable', reason: error.message };
    if (error.kind === 'unauthorized') client.refresh();
    return { state: 'nothing' };
  }
}

/** The beginning of a text, whatever the server sends after it. */
async function textOf(client: KubeClient, path: string, options: RequestOptions): Promise<string> {
  const response = await client.open(path, options);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of client.pieces(response, options.answerWithin)) {
    parts.push(piece.subarray(0, LONGEST - length));
    length += piece.length;
    if (length >= LONGEST) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
