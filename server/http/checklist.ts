import 'server-only';
import { checklist } from '@/lib/diagnosis/checklist';
import type { HttpContext } from './context';
import { badParameters, json } from './problem';

const HOST = /^[^\s/:?#@]{1,253}$/;

/** `GET /api/v1/checklist?host=…&path=…` */
export async function getChecklist(request: Request, context: HttpContext): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const host = (params.get('host') ?? '').trim().toLowerCase();
  const path = params.get('path') || '/';
  if (!HOST.test(host)) {
    return badParameters([
      { parameter: 'host', value: host, problem: 'is no host name', allowed: ['www.example.com', '*'] },
    ]);
  }
  if (!path.startsWith('/')) {
    return badParameters([{ parameter: 'path', value: path, problem: 'does not begin with a slash' }]);
  }
  const answer = await context.hub.read(({ graph }, { takenAt, coverage, cluster }) =>
    checklist(graph, host, path, {
      coverage,
      now: Date.now(),
      takenAt: cluster.connection === 'live' ? takenAt : cluster.since,
      limitedView: context.limitedView,
    }),
  );
  return json(answer);
}
