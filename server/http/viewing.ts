import 'server-only';
import type { Rights, Viewer } from '@/server/access/viewer';
import type { Asked } from '@/server/auth/auth';
import type { Runtime } from '@/server/runtime';
import type { HttpContext } from './context';
import { problem } from './problem';

/** Who asks, and what there is for them; or the answer in its place. */
export type Viewing =
  | {
      readonly viewer: Viewer;
      readonly rights: Rights;
      readonly context: HttpContext;
      /** Set-Cookie headers for the answer. */
      readonly cookies: readonly string[];
    }
  /** `isStranger`: it asks to sign in. */
  | { readonly refusal: Response; readonly isStranger: boolean };

/** Says who sends a request and restricts everything that there is to what they may see. */
export async function viewingOf(headers: Asked, runtime: Runtime): Promise<Viewing> {
  const { auth } = runtime;
  const identified = await auth.identify(headers);
  if ('refusal' in identified)
    return { refusal: identified.refusal, isStranger: identified.refusal.status === 401 };
  const { viewer, cookies } = identified;
  const rights = await rightsOf(viewer, runtime);
  const context = restricted(runtime, rights);
  if (context instanceof Response) return { refusal: context, isStranger: false };
  return { viewer, rights, context, cookies };
}

async function rightsOf(viewer: Viewer, { auth, snapshots }: Runtime): Promise<Rights> {
  // Beside a file there is no cluster to ask: who runs the dashboard chose to show it to those who can sign in.
  if (auth.mode === 'none' || snapshots.isFile) return { all: true };
  return await auth.rights.rightsOf(viewer, []);
}

/** What a viewer may see of everything that there is. */
function restricted(context: HttpContext, rights: Rights): HttpContext | Response {
  if (rights.all) return context;
  const why = rights.reason || 'You may not list Services, Ingresses and Pods of all namespaces.';
  return problem({ status: 403, title: 'Not for you to see', detail: why });
}

/** A viewer whose streams end with the session, and when what they may see changes; watched once somebody asks for it. */
export function whileReading(
  viewer: Viewer,
  rights: Rights,
  { auth }: Runtime,
  request: Pick<Request, 'signal'>,
): Viewer {
  if (auth.mode === 'none') return viewer;
  const { user, groups, extra } = viewer;
  return {
    user,
    groups,
    extra,
    get ended() {
      const changed = new AbortController();
      const stop = auth.rights.watch(
        viewer,
        rights,
        () => [],
        () => changed.abort('what you may see has changed'),
      );
      const ended = AbortSignal.any([viewer.ended, changed.signal]);
      for (const signal of [request.signal, ended]) signal.addEventListener('abort', stop, { once: true });
      return ended;
    },
  };
}
