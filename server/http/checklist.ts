import 'server-only';
import type { HttpContext } from './context';
import { badParameters, json, problem } from './problem';

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
  const { checklist, hub } = context;
  if (!checklist) {
    return problem({
      status: 501,
      title: 'Not available',
      detail: 'This version cannot answer the checklist.',
    });
  }
  return json(await hub.read((source) => checklist(source, host, path)));
}
