import 'server-only';
import { allowedObjects, type ShownSnapshots, snapshotsForAll } from '@/server/access/shared-things';
import type { Rights, Viewer } from '@/server/access/viewer';
import type { Asked } from '@/server/auth/auth';
import type { ClusterRuntime } from '@/server/cluster-runtime';
import type { Runtime } from '@/server/runtime';
import type { Found } from '@/server/snapshots/snapshots';
import type { HttpContext } from './context';

/** Who asks, with Set-Cookie headers for the answer; or the answer in its place. */
export type Identity =
  | { readonly viewer: Viewer; readonly cookies: readonly string[] }
  /** `isStranger`: it asks to sign in. */
  | { readonly refusal: Response; readonly isStranger: boolean };

/** What there is of a cluster for somebody. */
export interface View {
  readonly rights: Rights;
  readonly context: HttpContext;
}

/** Says who sends a request. */
export async function identify(headers: Asked, { auth }: Runtime): Promise<Identity> {
  const identified = await auth.identify(headers);
  if ('viewer' in identified) return identified;
  return { refusal: identified.refusal, isStranger: identified.refusal.status === 401 };
}

/** A cluster with only what a viewer may see in it. */
export async function viewOf(viewer: Viewer, cluster: ClusterRuntime): Promise<View> {
  const rights = await rightsIn(viewer, cluster);
  return { rights, context: await cluster.access.restrict(rights) };
}

/** So long another cluster may take to say what somebody may see of it, before what was asked for is answered without it. */
const OTHERS_WITHIN_MS = 1000;

/** The same of a cluster that is not the one asked for: no answer in time is no right, so that it holds up no other. */
export async function viewOfOther(viewer: Viewer, cluster: ClusterRuntime): Promise<View> {
  const late = Promise.withResolvers<Rights>();
  const timer = setTimeout(() => late.resolve(LATE), OTHERS_WITHIN_MS);
  const rights = await Promise.race([rightsIn(viewer, cluster), late.promise]);
  clearTimeout(timer);
  return { rights, context: await cluster.access.restrict(rights) };
}

const LATE: Rights = {
  all: false,
  namespaces: new Set(),
  reason: 'Your rights could not be asked for: the cluster has not answered yet.',
};

/**
 * The same with the snapshots of all clusters: one id names one, whichever cluster it was taken of, and what may be seen of
 * it is a matter of that cluster.
 */
export async function wholeViewOf(viewer: Viewer, cluster: ClusterRuntime, runtime: Runtime): Promise<View> {
  const view = await viewOf(viewer, cluster);
  if (runtime.auth.mode === 'none' || cluster.snapshots.isFile) return view;
  const homeOf = async (id: string, from: string): Promise<Found<ShownSnapshots>> => {
    const of = await cluster.snapshots.clusterOf(id, from);
    if (!('found' in of)) return of;
    if (of.found === cluster.id) return { found: view.context.snapshots };
    const home = runtime.clusters.find((one) => one.id === of.found);
    // Nobody can be asked who may see what of a cluster that is not watched (any more).
    return { found: home ? (await viewOf(viewer, home)).context.snapshots : snapshotsForAll(cluster) };
  };
  return {
    rights: view.rights,
    context: withOwn(view.context, {
      snapshots: atHome(view.context.snapshots, homeOf),
      fetchObject: allowedObjects(view.context.fetchObject, (address) =>
        cluster.rights.mayGetObject(viewer, address),
      ),
    }),
  };
}

/** Snapshots as each may be seen in the cluster that it was taken of. */
function atHome(
  here: HttpContext['snapshots'],
  homeOf: (id: string, from: string) => Promise<Found<ShownSnapshots>>,
): HttpContext['snapshots'] {
  const there = async <T>(
    id: string,
    from: string,
    ask: (home: ShownSnapshots) => Promise<Found<T>>,
  ): Promise<Found<T>> => {
    const home = await homeOf(id, from);
    return 'found' in home ? await ask(home.found) : home;
  };
  return {
    isFile: here.isFile,
    create: (input, frozen, author) => here.create(input, frozen, author),
    read: (id, from) => there(id, from, (home) => home.read(id, from)),
    picture: (id, name, from) => there(id, from, (home) => home.picture(id, name, from)),
    revoke: (id, token, from) => there(id, from, (home) => home.revoke(id, token, from)),
  };
}

/** The context's parts by themselves: of a cluster they are getters, which a spread would lose. */
function withOwn(context: HttpContext, own: Pick<HttpContext, 'snapshots' | 'fetchObject'>): HttpContext {
  const { hub, streams, recorder, marks, config, limitedView, audit } = context;
  return {
    hub,
    streams,
    recorder,
    marks,
    config,
    limitedView,
    audit,
    callerOf: (headers) => context.callerOf(headers),
    metrics: () => context.metrics(),
    ...own,
  };
}

async function rightsIn(
  viewer: Viewer,
  { auth, rights, snapshots, namespaces }: ClusterRuntime,
): Promise<Rights> {
  // Beside a file there is no cluster to ask: who runs the dashboard chose to show it to those who can sign in.
  if (auth.mode === 'none' || snapshots.isFile) return { all: true };
  return await rights.rightsOf(viewer, namespaces);
}

/** A viewer whose streams end with the session, and when what they may see changes; watched once somebody asks for it. */
export function whileReading(
  viewer: Viewer,
  given: Rights,
  cluster: ClusterRuntime,
  request: Pick<Request, 'signal'>,
): Viewer {
  if (cluster.auth.mode === 'none') return viewer;
  const { user, groups, extra } = viewer;
  return {
    user,
    groups,
    extra,
    get ended() {
      const changed = new AbortController();
      const stop = cluster.rights.watch(
        viewer,
        given,
        () => cluster.namespaces,
        () => changed.abort('what you may see has changed'),
      );
      const ended = AbortSignal.any([viewer.ended, changed.signal]);
      for (const signal of [request.signal, ended]) signal.addEventListener('abort', stop, { once: true });
      return ended;
    },
  };
}
