import 'server-only';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { list, record, text } from '@/lib/kube/project/raw';

/** What a request to the API server needs; made anew for each, so that tokens are never old. */
export interface Credentials {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
}

/** The way to one cluster: address, TLS and authentication. */
export interface KubeAccess {
  readonly context: string;
  readonly server: string;
  credentials(): Promise<Credentials>;
  /** Credentials were refused: read kubeconfig, token files and plugins' answers again before the next request. */
  refresh(): void;
}

/** Where to find the cluster; `contexts` of the settings are opened one by one. */
export interface AccessOptions {
  /** Path list as in `$KUBECONFIG`; empty: `~/.kube/config`. */
  readonly kubeconfig: string;
  /** Empty: the service account of the pod, else the current context. */
  readonly context?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** No usable kubeconfig; the message says what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
}

const IN_CLUSTER = 'inClusterContext';
/** Bytes that may have arrived while others are worked on: a page of a list shall not have to be waited for. */
const READ_AHEAD = 2 * 1024 * 1024;
const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** client-node 2.0 looks for `token-file`, which no kubeconfig has; what it does know re-reads the file every minute. */
function addTokenFiles(config: KubeConfig, path: string): void {
  for (const entry of list(record(parse(readFileSync(path, 'utf8'))).users)) {
    const { name, user } = record(entry);
    const tokenFile = text(record(user).tokenFile);
    const found = config.users.find((one) => one.name === name);
    if (tokenFile === '' || found === undefined || found.token) continue;
    Object.assign(found, {
      authProvider: { name: 'tokenFile', config: { tokenFile: resolve(dirname(path), tokenFile) } },
    });
  }
}

/** Merged as kubectl does: the first file that names something wins, and files that are missing are left out. */
function fromFiles(kubeconfig: string): KubeConfig {
  const paths =
    kubeconfig === '' ? [join(homedir(), '.kube', 'config')] : kubeconfig.split(delimiter).filter(Boolean);
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0) {
    throw new AccessError(
      `no kubeconfig at ${paths.join(', ')}: set KUBECONFIG to a file, or try "npm run demo"`,
    );
  }
  const merged = new KubeConfig();
  for (const path of found) {
    const one = new KubeConfig();
    try {
      one.loadFromFile(path);
      addTokenFiles(one, path);
    } catch (error) {
      throw new AccessError(
        `cannot read the kubeconfig ${path}: ${error instanceof Error ? error.message : 'not readable'}`,
        { cause: error },
      );
    }
    const names = (list: readonly { readonly name: string }[]): Set<string> =>
      new Set(list.map(({ name }) => name));
    const [clusters, users, contexts] = [names(merged.clusters), names(merged.users), names(merged.contexts)];
    merged.clusters.push(...one.clusters.filter(({ name }) => !clusters.has(name)));
    merged.users.push(...one.users.filter(({ name }) => !users.has(name)));
    merged.contexts.push(...one.contexts.filter(({ name }) => !contexts.has(name)));
    merged.currentContext ||= one.currentContext;
  }
  return merged;
}

function load({ kubeconfig, context = '', env = process.env }: AccessOptions): KubeConfig {
  if (context === '' && env.KUBERNETES_SERVICE_HOST && existsSync(TOKEN_FILE)) {
    const inCluster = new KubeConfig();
    inCluster.loadFromCluster();
    return inCluster;
  }
  const config = fromFiles(kubeconfig);
  if (context !== '') config.setCurrentContext(context);
  const name = config.getCurrentContext();
  if (!config.contexts.some((one) => one.name === name)) {
    const known = config.contexts.map((one) => one.name).join(', ');
    throw new AccessError(
      name
        ? `the kubeconfig has no context "${name}"; it has: ${known}`
        : `the kubeconfig sets no current context; it has: ${known}`,
    );
  }
  return config;
}

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
  readonly #options: AccessOptions;
  #config: KubeConfig;
  #url: URL;
  #agent: http.Agent | null = null;
  #agentPrint = '';
  #stale = false;
  #pending: Promise<Credentials> | null = null;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#config = load(options);
    this.#url = prepare(this.#config);
  }

  get context(): string {
    return this.#config.getCurrentContext();
  }

  get server(): string {
    return this.#url.href;
  }

  refresh(): void {
    this.#stale = true;
  }

  /** Asked for once by all who ask together: a plugin is a program, and a dozen watchers start at the same time. */
  credentials(): Promise<Credentials> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #read(): Promise<Credentials> {
    if (this.#stale) this.#reload();
    const options: https.RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {};
    const given = record(options.headers);
    // A token file ends in a line break, which no header may hold.
    for (const [name, value] of Object.entries(given)) headers[name] = text(value).trim();
    if (typeof options.auth === 'string')
      headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    return { server: this.#url, headers, agent: this.#agentFor(options) };
  }

  /** A kubeconfig that is being rewritten or is broken now must not take away what worked. */
  #reload(): void {
    this.#stale = false;
    try {
      // Pinned: somebody's "kubectl config use-context" must not move us to another cluster.
      const config = load({ ...this.#options, context: this.context === IN_CLUSTER ? '' : this.context });
      this.#url = prepare(config);
      this.#config = config;
    } catch {
      this.#stale = true;
    }
  }

  /** One keep-alive agent for as long as certificates stay the same; a proxy's agent is the library's own. */
  #agentFor(options: https.RequestOptions): http.Agent {
    if (this.#config.getCurrentCluster()?.proxyUrl && options.agent instanceof http.Agent)
      return options.agent;
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const hash = createHash('sha256');
    for (const part of [ca, cert, key, servername, String(rejectUnauthorized), this.#url.origin])
      hash.update(Buffer.isBuffer(part) || typeof part === 'string' ? part : '').update('\n');
    const print = hash.digest('hex');
    if (this.#agent === null || print !== this.#agentPrint) {
      const common = {
        keepAlive: true,
        keepAliveMsecs: 30_000,
        maxFreeSockets: 8,
        readableHighWaterMark: READ_AHEAD,
      };
      this.#agentPrint = print;
      this.#agent =
        this.#url.protocol === 'http:'
          ? new http.Agent(common)
          : new https.Agent({ ...common, ca, cert, key, rejectUnauthorized, servername });
    }
    return this.#agent;
  }
}

/** Opens the way to a cluster: the pod's service account if there is one (and no context is named), else a kubeconfig. */
export function openAccess(options: AccessOptions): KubeAccess {
  return new KubeConfigAccess(options);
}

/** Names of all contexts and the current one; for a switcher and for error messages. */
export function contextsOf(options: AccessOptions): {
  readonly current: string;
  readonly names: readonly string[];
} {
  const config = load(options);
  return { current: config.getCurrentContext(), names: config.contexts.map(({ name }) => name) };
}
