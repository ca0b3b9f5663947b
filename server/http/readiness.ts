import 'server-only';
import { currentRuntime } from '@/server/runtime';
import { getReadiness } from './health';
import { json } from './problem';
import { viewOf } from './viewing';

/** `GET /readyz`: for everybody, as a kubelet has no name. How it stands with the cluster is for whoever is known. */
export async function readiness(request: Request): Promise<Response> {
  const runtime = currentRuntime();
  const whole = getReadiness(runtime?.first ?? null);
  if (!runtime || runtime.auth.mode === 'none') return whole;
  // A kubelet asks every few seconds: without credentials this reads a header and a cookie, and no more.
  const identified = await runtime.auth.identify(request.headers);
  // As they may see it: why a cluster is not reached names its address.
  if ('viewer' in identified) return getReadiness((await viewOf(identified.viewer, runtime.first)).context);
  return json({ status: 'ready', cluster: null, synced: runtime.hub.synced, recorder: null });
}
