/* Puts the sandbox together: storage, API server, controllers, DNS, page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerBuiltinKinds } from './api/builtin-kinds';
import { writeKubeconfig } from './api/kubeconfig';
import { type ApiServer, startApiServer } from './api/server';
import { Storage } from './api/storage';
import { startControllers } from './controllers';
import { AddedLogs, addLogRoute } from './controllers/added-logs';
import { CertificateAuthority, fillCertificate } from './controllers/certificates';
import { Cluster } from './controllers/cluster';
import { createBasics } from './controllers/cluster-basics';
import { logSource } from './controllers/pod-logs';
import { Scheduler } from './controllers/scheduler';
import { clusterLookups } from './dns/lookups';
import { DnsBook } from './dns/records';
import { resolveQuestion } from './dns/resolve';
import { type DnsServer, startDnsServer } from './dns/server';
import { type Input, type InputOptions, readInput } from './input';
import { Applier, createMissingNamespaces, storeRaw } from './load/apply';
import { addChurnRoutes } from './load/churn';
import { registerDefinitions, registerUnknown } from './load/kinds';
import { fillLarge } from './load/large';
import { addPage } from './page/routes';

const HOUR_MS = 3_600_000;
/** How long ago a scenario's objects were applied, unless they say otherwise. */
const AGE_MS = 3 * HOUR_MS;

export interface SandboxOptions extends InputOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  /** Divides every delay of the controllers. */
  readonly speed?: number;
  /** How long the cluster has been running at the start. */
  readonly ageMs?: number;
  /** Notes and warnings for a person. */
  readonly log?: (line: string) => void;
}

export interface Sandbox {
  readonly url: string;
  readonly sandboxUrl: string;
  readonly kubeconfig: string;
  readonly dns: readonly [string, string];
  readonly storage: Storage;
  readonly cluster: Cluster;
  readonly api: ApiServer;
  readonly book: DnsBook;
  close(): Promise<void>;
}

/** Starts a sandbox cluster; resolves when it stands as the scenario describes it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const input = readInput(options);
  const isSimulated = input.type === 'simulated';
  const log = options.log ?? (() => undefined);
  const scheduler = new Scheduler(
    isSimulated ? Date.now() - (options.ageMs ?? AGE_MS) : undefined,
    options.speed ?? 1,
    (error) => log(`controller: ${String(error)}`),
  );
  const storage = new Storage({ now: () => scheduler.now() });
  const cluster = new Cluster(storage, scheduler);
  const closers: (() => unknown)[] = [() => cluster.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    registerBuiltinKinds(storage);
    const added = new AddedLogs();
    const api = await startApiServer({
      storage,
      port: options.port ?? 0,
      raw: !isSimulated,
      gracefulPods: isSimulated,
      logs: logSource(cluster, added),
    });
    closers.push(() => api.close());
    addLogRoute(api, added, () => scheduler.now());
    await fill(input, cluster, log);
    const book = bookOf(input);
    const dns = await startDns(storage, book, closers);
    if (!isSimulated) addChurnRoutes(api, cluster);
    const sandboxUrl = `${api.url}/sandbox/`;
    closers.push(addPage({ api, cluster, book, title: input.title, isSimulated }));
    const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-sandbox-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const kubeconfig = join(folder, 'kubeconfig');
    await writeKubeconfig(kubeconfig, { server: api.url, clusterName: 'sandbox' });
    return { url: api.url, sandboxUrl, kubeconfig, dns, storage, cluster, api, book, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fill(input: Input, cluster: Cluster, log: (line: string) => void): Promise<void> {
  const { storage } = cluster;
  if (input.type === 'large') return fillLarge(storage, input.sizes);
  const { objects } = input.manifests;
  registerDefinitions(storage, objects);
  for (const warning of registerUnknown(storage, objects)) log(warning);
  if (input.type === 'simulated') return simulate(input.manifests, cluster, log);
  noteNamespaces(createMissingNamespaces(storage, objects), log);
  for (const note of storeRaw(storage, objects)) log(note);
}

/** Plays the cluster's past: everything is applied when it says it was, then time runs up to now. */
async function simulate(
  { objects }: Extract<Input, { type: 'simulated' }>['manifests'],
  cluster: Cluster,
  log: (line: string) => void,
): Promise<void> {
  const { scheduler, storage } = cluster;
  const authority = await CertificateAuthority.create();
  const filled = await Promise.all(
    objects.map(async (entry) => ({
      ...entry,
      object: { ...entry.object, ...(await fillCertificate(entry.object, authority)) },
    })),
  );
  startControllers(cluster);
  createBasics(cluster);
  scheduler.advanceTo(scheduler.now() + 1000);
  noteNamespaces(createMissingNamespaces(storage, objects), log);
  const applier = new Applier(storage);
  for (const entry of filled) {
    if (entry.agoMs !== undefined) scheduler.advanceTo(Date.now() - entry.agoMs);
    applier.apply(entry);
  }
  scheduler.advanceTo(Date.now());
  scheduler.goLive();
}

function noteNamespaces(names: readonly string[], log: (line: string) => void): void {
  if (names.length > 0)
    log(`created the missing namespace${names.length > 1 ? 's' : ''} ${names.join(', ')}`);
}

/** Without DNSZone documents, the hosts of Ingresses resolve to their controllers, as with external-dns. */
function bookOf(input: Input): DnsBook {
  const zones = input.type === 'large' ? [] : input.manifests.zones;
  return new DnsBook(zones.length > 0 ? zones : [{ name: '', externalDns: true, records: [] }]);
}

async function startDns(
  storage: Storage,
  book: DnsBook,
  closers: (() => unknown)[],
): Promise<[string, string]> {
  const lookups = clusterLookups(storage);
  closers.push(lookups.close);
  const start = async (view: number): Promise<DnsServer> => {
    const server = await startDnsServer((question) => resolveQuestion(book, question, view, lookups));
    closers.push(() => server.close());
    return server;
  };
  return [(await start(1)).address, (await start(2)).address];
}
