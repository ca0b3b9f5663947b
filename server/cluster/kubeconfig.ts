import 'server-only';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, extname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { list, record, text } from '@/lib/kube/project/raw';

/** Where to find the cluster; `contexts` of the settings are opened one by one. */
export interface AccessOptions {
  /** Path list as in `$KUBECONFIG`, whose entries may also be folders of kubeconfigs; empty: `~/.kube/config`. */
  readonly kubeconfig: string;
  /** Empty: the service account of the pod, else the current context. */
  readonly context?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** No usable kubeconfig; the message says what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
}

/** The service account's context, where no kubeconfig has one of that name. */
export const IN_CLUSTER = 'in-cluster';
const LIBRARYS_IN_CLUSTER = 'inClusterContext';
const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** Of the things in a kubeconfig, those that a folder's files are likely to have in common. */
const BETWEEN = '\u0000';

/** Merged, and what the library does not keep: the folder of each user's file. */
export interface Loaded {
  readonly config: KubeConfig;
  readonly folders: ReadonlyMap<string, string>;
}

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

function readOne(path: string): KubeConfig {
  const one = new KubeConfig();
  try {
    one.loadFromFile(path);
    addTokenFiles(one, path);
    return one;
  } catch (error) {
    throw new AccessError(
      `cannot read the kubeconfig ${path}: ${error instanceof Error ? error.message : 'not readable'}`,
      { cause: error },
    );
  }
}

/** The files of a path list: a folder stands for the files in it by name, without hidden ones (a mount's own links). */
export function kubeconfigFiles(kubeconfig: string): readonly string[] {
  return sources(kubeconfig).flatMap(({ path, inFolder }) => inFolder ?? [path]);
}

interface Source {
  readonly path: string;
  /** null: it is a file. */
  readonly inFolder: readonly string[] | null;
}

function sources(kubeconfig: string): readonly Source[] {
  const paths =
    kubeconfig === '' ? [join(homedir(), '.kube', 'config')] : kubeconfig.split(delimiter).filter(Boolean);
  const found = paths.filter((path) => existsSync(path));
  return found.map((path) => ({ path, inFolder: statSync(path).isDirectory() ? filesIn(path) : null }));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/**
 * Files are merged as kubectl does: the first that names something wins. Those of a folder were not made for each other
 * (each cluster's installer calls its user `admin`): a file's contexts use its own clusters and users, and a context whose
 * name is taken already is called FILE/NAME.
 */
function fromFiles(kubeconfig: string): Loaded {
  const found = sources(kubeconfig);
  if (found.length === 0) throw nothingAt(kubeconfig);
  const merged = new KubeConfig();
  const folders = new Map<string, string>();
  const add = (file: string, isApart: boolean) => {
    const one = readOne(file);
    if (isApart) keepApart(one, file, new Set(merged.contexts.map(({ name }) => name)));
    merge(merged, one);
    for (const { name } of one.users) if (!folders.has(name)) folders.set(name, dirname(file));
  };
  for (const { path, inFolder } of found) {
    if (inFolder === null) add(path, false);
    else for (const file of inFolder) add(file, true);
  }
  if (merged.contexts.length === 0 && found.every(({ inFolder }) => inFolder !== null))
    throw new AccessError(`no kubeconfig with a context in ${found.map(({ path }) => path).join(', ')}`);
  return { config: merged, folders };
}

function nothingAt(kubeconfig: string): AccessError {
  const paths = kubeconfig === '' ? [join(homedir(), '.kube', 'config')] : kubeconfig.split(delimiter);
  return new AccessError(
    `no kubeconfig at ${paths.filter(Boolean).join(', ')}: set KUBECONFIG to a file, or try "npm run demo"`,
  );
}

function keepApart(config: KubeConfig, file: string, taken: ReadonlySet<string>): void {
  const own = (name: string) => `${name}${BETWEEN}${file}`;
  const stem = basename(file, extname(file));
  const called = (name: string) => (taken.has(name) ? `${stem}/${name}` : name);
  for (const cluster of config.clusters) Object.assign(cluster, { name: own(cluster.name) });
  for (const user of config.users) Object.assign(user, { name: own(user.name) });
  for (const context of config.contexts)
    Object.assign(context, {
      name: called(context.name),
      cluster: own(context.cluster),
      user: own(context.user),
    });
  config.currentContext = called(config.currentContext);
}

function merge(into: KubeConfig, one: KubeConfig): void {
  const names = (entries: readonly { readonly name: string }[]): Set<string> =>
    new Set(entries.map(({ name }) => name));
  const [clusters, users, contexts] = [names(into.clusters), names(into.users), names(into.contexts)];
  into.clusters.push(...one.clusters.filter(({ name }) => !clusters.has(name)));
  into.users.push(...one.users.filter(({ name }) => !users.has(name)));
  into.contexts.push(...one.contexts.filter(({ name }) => !contexts.has(name)));
  into.currentContext ||= one.currentContext;
}

function isInCluster({ env = process.env }: AccessOptions): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST) && existsSync(TOKEN_FILE);
}

function fromServiceAccount(): Loaded {
  const config = new KubeConfig();
  config.loadFromCluster();
  return { config, folders: new Map() };
}

/** The kubeconfig with the wanted context as its current one; fails with an {@link AccessError}. */
export function loadKubeconfig(options: AccessOptions): Loaded {
  const { kubeconfig, context = '' } = options;
  if ((context === '' || context === IN_CLUSTER) && isInCluster(options)) return fromServiceAccount();
  const loaded = fromFiles(kubeconfig);
  const { config } = loaded;
  if (context !== '') config.setCurrentContext(context);
  const name = config.getCurrentContext();
  if (config.contexts.some((one) => one.name === name)) return loaded;
  const known = config.contexts.map((one) => one.name).join(', ');
  throw new AccessError(
    name
      ? `the kubeconfig has no context "${name}"; it has: ${known}`
      : `the kubeconfig sets no current context; it has: ${known}`,
  );
}

/** Name of the current context as the settings call it. */
export function contextName(config: KubeConfig): string {
  const name = config.getCurrentContext();
  return name === LIBRARYS_IN_CLUSTER ? IN_CLUSTER : name;
}

/** Names of all contexts and the current one (empty: none is set); for a switcher and for error messages. */
export function contextsOf(options: Omit<AccessOptions, 'context'>): {
  readonly current: string;
  readonly names: readonly string[];
} {
  const own = isInCluster(options) ? [IN_CLUSTER] : [];
  // In a cluster a kubeconfig is mounted or it is not.
  if (own.length > 0 && sources(options.kubeconfig).length === 0) return { current: IN_CLUSTER, names: own };
  const { config } = fromFiles(options.kubeconfig);
  const names = [...new Set([...own, ...config.contexts.map(({ name }) => name)])];
  return { current: own[0] ?? config.getCurrentContext(), names };
}
