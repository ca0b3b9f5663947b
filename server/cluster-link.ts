import 'server-only';
import type { Wanted } from '@/lib/diagnosis/wanted';
import type { Change } from '@/lib/state/change';
import { type Environment, environmentOf } from '@/lib/topology/environment';
import type { ClusterInfo } from '@/lib/topology/model';
import { openAccess } from './cluster/access';
import { type ClusterWatch, startClusterWatch } from './cluster/cluster-watch';
import type { Connection } from './cluster/connection';
import type { FetchedObject, ObjectAddress } from './cluster/fetch-object';
import { AccessError } from './cluster/kubeconfig';
import type { ClusterStats } from './cluster/stats';
import type { Config } from './config';

/** No kubeconfig yet: looked for again after so long. */
const AGAIN_MS = 3000;

export interface ClusterLinkOptions {
  readonly config: Pick<Config, 'kubeconfig' | 'namespaces' | 'secrets' | 'environments'>;
  /** Of the kubeconfig; empty: the current one. */
  readonly context: string;
  readonly onChange: (changes: readonly Change[]) => void;
  readonly onCluster: (cluster: ClusterInfo) => void;
  /** Once, when there is something to publish. */
  readonly onReady: () => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

/** One cluster: watched as soon as there is a way to it, and looked for until then. */
export class ClusterLink {
  readonly #options: ClusterLinkOptions;
  readonly #now: () => number;
  #watch: ClusterWatch | null = null;
  #info: ClusterInfo;
  #told: ClusterInfo | null = null;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #wanted: Wanted | null = null;

  constructor(options: ClusterLinkOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const name = options.context;
    this.#info = {
      id: name || 'default',
      name,
      connection: 'connecting',
      since: new Date(this.#now()).toISOString(),
      environment: this.#environment(name),
    };
  }

  get info(): ClusterInfo {
    return this.#info;
  }

  /** Begins; never throws: whatever is wrong with the way to the cluster is told and tried again. */
  start(): void {
    if (this.#stopped) return;
    const { config, context, onChange, onError, onReady } = this.#options;
    try {
      const kube = openAccess({ kubeconfig: config.kubeconfig, context });
      const name = kube.context;
      this.#info = { ...this.#info, id: name, name, environment: this.#environment(name) };
      const watch = startClusterWatch({
        config,
        kube,
        onChange,
        onConnection: (connection) => this.#tell(connection),
        onError,
      });
      this.#watch = watch;
      if (this.#wanted) watch.setWanted(this.#wanted);
      this.#tell(watch.connection);
      void watch.ready.then(onReady);
    } catch (error) {
      if (!(error instanceof AccessError)) onError(error);
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({ connection: 'unreachable', since: this.#now(), reason });
      this.#retry = setTimeout(() => this.start(), AGAIN_MS);
      this.#retry.unref();
    }
  }

  /** What to read by name and whose logs; nothing is done for the same object again. */
  setWanted(wanted: Wanted): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#watch?.setWanted(wanted);
  }

  /** null while there is no cluster to ask. */
  get fetchObject(): ((address: ObjectAddress) => Promise<FetchedObject>) | null {
    const watch = this.#watch;
    return watch && ((address) => watch.fetchObject(address));
  }

  stats(): ClusterStats | null {
    return this.#watch?.stats() ?? null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#watch?.stop();
  }

  #tell({ connection, since, reason }: Connection): void {
    const { id, name, environment } = this.#info;
    const same =
      connection === this.#told?.connection &&
      reason === (this.#told.reason ?? '') &&
      name === this.#told.name;
    if (same) return;
    // The same trouble again is the same trouble since when it began.
    const began = connection === this.#info.connection ? this.#info.since : new Date(since).toISOString();
    this.#info = { id, name, connection, since: began, ...(reason === '' ? {} : { reason }), environment };
    this.#told = this.#info;
    this.#options.onCluster(this.#info);
  }

  #environment(name: string): Environment {
    return environmentOf(name, this.#options.config.environments);
  }
}
