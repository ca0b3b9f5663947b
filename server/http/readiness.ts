import 'server-only';
import { isTooManyRights } from '@/server/access/too-many-rights';
import { currentRuntime } from '@/server/runtime';
import { getReadiness } from './health';
import { json } from './problem';
import { viewOf } from './viewing';

/** `GET /readyz`: for everybody, as a kubelet has no name. How it stands with the cluster is for whoever is known, as they may see it. */
export async function readiness(request: Request): Promise<Response> {
  const runtime = currentRuntime();
  if (!runtime || runtime.auth.mode === 'none') return getReadiness(runtime?.first ?? null);
  // A kubelet asks every few seconds: without credentials this reads a header and a cookie, and no more.
  const identified = await runtime.auth.identify(request.headers);
  if ('viewer' in identified) {
    try {
      return getReadiness((await viewOf(identified.viewer, runtime.first)).context);
    } catch (error) {
      // Whoever asks: that somebody cannot be told more is no reason to be taken out of service.
      if (!isTooManyRights(error)) runtime.report(error);
    }
  }
  return json({ status: 'ready', cluster: null, synced: runtime.hub.synced, recorder: null });
}
