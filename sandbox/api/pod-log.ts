// A pod's log: lines come from whoever simulates the containers.
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from './api-request';
import type { Context, LogRequest } from './context';
import { drained } from './http';
import { array, at, text } from './json';
import { badRequest, notFound } from './status';

function chosenContainer(request: ApiRequest, spec: unknown): string | undefined {
  const wanted = request.query.get('container') || undefined;
  const names = [...array(at(spec, 'initContainers')), ...array(at(spec, 'containers'))].map((container) =>
    text(at(container, 'name')),
  );
  if (wanted !== undefined) {
    if (!names.includes(wanted))
      throw badRequest(`container ${wanted} is not valid for pod ${request.name ?? ''}`);
    return wanted;
  }
  const own = array(at(spec, 'containers')).map((container) => text(at(container, 'name')));
  if (own.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${request.name ?? ''}, choose one of: [${own.join(' ')}]`,
    );
  }
  return own[0];
}

/** Answers a log request; with `follow` until the client goes or the lines end. */
export async function sendLog(
  context: Context,
  request: ApiRequest,
  response: ServerResponse,
): Promise<void> {
  const pod = context.storage.get('pods', request.namespace, request.name ?? '');
  if (pod === undefined) throw notFound(request.info, request.name ?? '');
  const { query } = request;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const count = (name: string): number | undefined => {
    const value = query.get(name);
    return value === null || !Number.isFinite(Number(value)) ? undefined : Number(value);
  };
  const options: LogRequest = {
    tail: count('tailLines'),
    previous: query.get('previous') === 'true',
    follow: query.get('follow') === 'true',
    container: chosenContainer(request, pod.spec),
    sinceSeconds: count('sinceSeconds'),
    timestamps: query.get('timestamps') === 'true',
    signal: gone.signal,
  };
  const lines = context.logs(pod, options);
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  let left = count('limitBytes') ?? Number.POSITIVE_INFINITY;
  for await (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    response.write(bytes.subarray(0, Math.max(0, left)));
    left -= bytes.length;
    if (left <= 0 || !(await drained(response))) break;
  }
  response.end();
}
