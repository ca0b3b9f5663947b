import 'server-only';
import type { Runtime } from '@/server/runtime';
import { API_HEADERS, problem } from './problem';

/**
 * `GET /metrics`. It counts over whole clusters, so it is for those who may see all of each, and for whom the first
 * cluster's RBAC lets `get` the path `/metrics`, as Kubernetes' own components have it; or for everybody by ATLAS_METRICS_OPEN.
 */
export async function getMetrics(request: Request, runtime: Runtime): Promise<Response> {
  const refusal = await refusalFor(request, runtime);
  if (refusal) return refusal;
  const { contentType, body } = await runtime.metrics();
  return new Response(body, { headers: { ...API_HEADERS, 'Content-Type': contentType } });
}

async function refusalFor(request: Request, { auth, config, clusters }: Runtime): Promise<Response | null> {
  if (auth.mode === 'none' || config.signIn.metricsOpen) return null;
  const identified = await auth.identify(request.headers);
  if ('refusal' in identified) return identified.refusal;
  const { viewer } = identified;
  if (await auth.rights.mayGet(viewer, '/metrics')) return null;
  const rights = await Promise.all(clusters.map((cluster) => cluster.rights.rightsOf(viewer, [])));
  if (rights.every(({ all }) => all)) return null;
  return problem({
    status: 403,
    title: 'Not for you to see',
    detail:
      'Allowed to those who may "get" the nonResourceURL "/metrics", or list everything in every cluster.',
  });
}
