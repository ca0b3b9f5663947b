import 'server-only';
import { statSync } from 'node:fs';
import type https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { record, text } from '@/lib/kube/project/raw';
import { Agents, type Credentials, type Way } from './agents';
import { ExecPlugin, type ExecTiming } from './exec-plugin';
import {
  AccessError,
  type AccessOptions,
  contextName,
  kubeconfigFiles,
  type Loaded,
  loadKubeconfig,
} from './kubeconfig';
import { proxyFor } from './proxy-env';

/** The way to one cluster: address, TLS and authentication. */
export interface KubeAccess {
  readonly context: string;
  readonly server: string;
  credentials(): Promise<Credentials>;
  /** The same as plain data, for another thread. */
  way(): Promise<Way>;
  /** Credentials were refused: read kubeconfig, token files and plugins' answers again before the next request. */
  refresh(): void;
  /** Idle connections are not to be trusted (this machine has slept): the next request opens a new one. */
  renew(): void;
}

export interface OpenOptions extends AccessOptions {
  /** For tests. */
  readonly exec?: Partial<ExecTiming>;
}

/** Files are looked at no more often; in ms. */
const LOOK_EVERY_MS = 2000;

function prepare(config: KubeConfig): URL {
  const cluster = config.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new AccessError(
      `context "${config.getCurrentContext()}" names no cluster with a valid server address`,
    );
  }
  // The library refuses plain HTTP unless TLS checks are off, and reads no CA where there is no user.
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  if (config.getCurrentUser() === null) {
    const name = 'anonymous';
    config.users.push({ name });
    Object.assign(config.getContextObject(config.getCurrentContext()) ?? {}, { user: name });
  }
  return new URL(cluster.server);
}

class KubeConfigAccess implements KubeAccess {
  readonly #options: OpenOptions;
  #loaded: Loaded;
  #url: URL;
  #plugin: ExecPlugin | null;
  readonly #agents = new Agents();
  #stale = false;
  #pending: Promise<Way> | null = null;
  #files: string;
  #lookedAt = performance.now();

  constructor(options: OpenOptions) {
    this.#options = options;
    this.#files = filesPrint(options.kubeconfig);
    this.#loaded = loadKubeconfig(options);
    this.#url = prepare(this.#loaded.config);
    this.#plugin = this.#takePlugin();
  }

  get context(): string {
    return contextName(this.#loaded.config);
  }

  get server(): string {
    return this.#url.href;
  }

  refresh(): void {
    this.#stale = true;
  }

  renew(): void {
    this.#agents.renew();
  }

  async credentials(): Promise<Credentials> {
    return this.#agents.credentials(await this.way());
  }

  /** Asked for once by all who ask together: a plugin is a program, and a dozen watchers start at the same time. */
  way(): Promise<Way> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #read(): Promise<Way> {
    if (this.#stale || this.#hasChanged()) this.#reload();
    const options: https.RequestOptions = {};
    await this.#loaded.config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {};
    const given = record(options.headers);
    // A token file ends in a line break, which no header may hold.
    for (const [name, value] of Object.entries(given)) headers[name] = text(value).trim();
    if (typeof options.auth === 'string')
      headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    if (this.#plugin) {
      const { token, certificate, key } = await this.#plugin.credential();
      if (token !== '') headers.Authorization = `Bearer ${token}`;
      if (certificate !== '') Object.assign(options, { cert: certificate, key });
    }
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const tls = { ca, cert, key, rejectUnauthorized, servername };
    return { server: this.#url.href, headers, tls, proxy: this.#proxy() };
  }

  /** Somebody has written the files: another token, authority or address may be in them ("kind create cluster"). */
  #hasChanged(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return false;
    this.#lookedAt = now;
    return filesPrint(this.#options.kubeconfig) !== this.#files;
  }

  /** A kubeconfig that is being rewritten or is broken now must not take away what worked. */
  #reload(): void {
    this.#stale = false;
    try {
      const files = filesPrint(this.#options.kubeconfig);
      // Pinned: somebody's "kubectl config use-context" must not move us to another cluster.
      const loaded = loadKubeconfig({ ...this.#options, context: this.context });
      this.#url = prepare(loaded.config);
      this.#loaded = loaded;
      this.#plugin = this.#takePlugin();
      this.#files = files;
    } catch {
      this.#stale = true;
    }
  }

  /** The library would run it for ever, tell all that it says, and not tell it what it needs to know. */
  #takePlugin(): ExecPlugin | null {
    const { config, folders } = this.#loaded;
    const user = config.getCurrentUser();
    if (!user?.exec) return null;
    const { exec, name } = user;
    Object.assign(user, { exec: undefined });
    return new ExecPlugin(exec, folders.get(name) ?? '.', this.#options.exec);
  }

  /** The kubeconfig's own, else the environment's; '' for none. */
  #proxy(): string {
    const { env = process.env } = this.#options;
    return this.#loaded.config.getCurrentCluster()?.proxyUrl || proxyFor(this.#url, env);
  }
}

/** Changes when a file of the kubeconfig does; of a mounted one the link that leads to it moves. */
function filesPrint(kubeconfig: string): string {
  try {
    return kubeconfigFiles(kubeconfig)
      .map((path) => {
        const { mtimeMs, size, ino } = statSync(path);
        return `${path} ${mtimeMs} ${size} ${ino}`;
      })
      .join('\n');
  } catch {
    // It is just being written: the next look tells.
    return '';
  }
}

/** Opens the way to a cluster: the pod's service account if there is one (and no context is named), else a kubeconfig. */
export function openAccess(options: OpenOptions): KubeAccess {
  return new KubeConfigAccess(options);
}
