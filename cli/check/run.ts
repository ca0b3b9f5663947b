/* From options to a result. */
import { readFileSync } from 'node:fs';
import type { Ref } from '@/lib/kube/refs';
import type { Finding } from '@/lib/topology/model';
import { type LoadedObject, parseSources } from '@/sandbox/load/documents';
import { readSources } from '@/sandbox/load/sources';
import { startSandbox } from '@/sandbox/start';
import { type Config, loadConfig } from '@/server/config';
import { assumedController, hasController } from './assumed';
import { closeKinds, retold, undumped } from './dumped';
import { type Examined, examine } from './examine';
import { keyFiles, keysInText, oldApis, placeOf } from './manifest-findings';
import type { CheckOptions } from './options';
import type { CheckedRule, CheckResult, Located, Place } from './result';

/** Simulated time passes so much quicker: pods are ready before anybody looks. */
const SPEED = 1000;

/** Checks what the options name. Throws `LoadError`, `ConfigError` or `Unreachable` when it cannot be checked. */
export function runCheck(options: CheckOptions, env: NodeJS.ProcessEnv): Promise<CheckResult> {
  return options.paths.length === 0 ? checkCluster(options, env) : checkFiles(options);
}

async function checkCluster(options: CheckOptions, env: NodeJS.ProcessEnv): Promise<CheckResult> {
  const config = loadConfig({
    ...env,
    ...(options.context === '' ? {} : { ATLAS_CONTEXTS: options.context }),
    ...(options.namespaces === '' ? {} : { ATLAS_NAMESPACES: options.namespaces }),
    // A check leaves nothing behind.
    DATABASE_URL: 'off',
    LOG_LEVEL: 'silent',
  });
  const examined = await examine(config, false);
  return resultOf(examined.cluster, examined, new Map(), []);
}

async function checkFiles({ paths, dump }: CheckOptions): Promise<CheckResult> {
  // Standard input can be read once only.
  let stdin: string | null = null;
  const readStdin = (): string => {
    stdin ??= readFileSync(0, 'utf8');
    return stdin;
  };
  const sources = readSources(paths, readStdin);
  const notes: string[] = [];
  const documents = parseSources(sources, (line) => notes.push(line));
  const assumed = dump ? null : assumedController(documents);
  const run = [...paths, ...(assumed?.paths ?? [])];
  const sandbox = await startSandbox({ paths: run, dump, readStdin, speed: SPEED });
  try {
    const closed = dump ? undumped(documents) : [];
    await closeKinds(sandbox.url, closed);
    const blind = !assumed && !hasController(documents);
    const examined = await examine(fileConfig(sandbox.kubeconfig), blind);
    const ofFiles = dump ? [] : [...sources.flatMap(keysInText), ...keyFiles(paths), ...oldApis(documents)];
    const result = { ...resultOf(paths.join(', '), examined, placesOf(documents), ofFiles), notes };
    if (dump) return retold(result, closed);
    if (!assumed) return result;
    const findings = result.findings.filter(({ finding }) => !assumed.isAbout(finding));
    return { ...result, findings, notes: [assumed.note, ...notes] };
  } finally {
    assumed?.dispose();
    await sandbox.close();
  }
}

/** Names of a manifest are not resolved: where they lead is decided where it is applied. */
function fileConfig(kubeconfig: string): Config {
  return loadConfig({
    KUBECONFIG: kubeconfig,
    ATLAS_DNS: 'off',
    ATLAS_SECRETS: 'watch',
    DATABASE_URL: 'off',
    LOG_LEVEL: 'silent',
  });
}

function nameOf(ref: Pick<Ref, 'kind' | 'namespace' | 'name'>): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** Places by name; of what has no namespace under both names, since only the API knows which it needs. */
function placesOf(documents: readonly LoadedObject[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { object, place } of documents) {
    const { namespace, name } = object.metadata;
    for (const home of namespace === undefined ? ['default', ''] : [namespace])
      places.set(nameOf({ kind: object.kind, namespace: home, name }), placeOf(place));
  }
  return places;
}

/**
 * Where to point at: the object itself, else one that it has to do with (what is missing stands nowhere). Of what is said
 * of a whole namespace, the objects that it is about come first: nobody mends it in the Namespace.
 */
function placeOfFinding(finding: Finding, places: ReadonlyMap<string, Place>): Place | null {
  const { subject } = finding;
  const others = [...finding.related, ...finding.evidence.flatMap(({ ref }) => ref ?? [])];
  const refs = subject.kind === 'Namespace' ? [...others, subject] : [subject, ...others];
  for (const ref of refs) {
    const place = places.get(nameOf(ref));
    if (place) return place;
  }
  return null;
}

function resultOf(
  what: string,
  { graph, coverage }: Examined,
  places: ReadonlyMap<string, Place>,
  more: readonly Located[],
): CheckResult {
  const findings = [...graph.findings.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((finding): Located => ({ finding, place: placeOfFinding(finding, places) }));
  const rules = [...graph.nodes.values()]
    .filter(({ kind }) => kind === 'rule')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(
      (node): CheckedRule => ({
        name: node.name,
        namespace: node.namespace,
        status: node.status,
        findings: node.findings,
      }),
    );
  const unseen = coverage
    .filter(({ state }) => state === 'forbidden' || state === 'failing')
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
  return { what, findings: [...findings, ...more], rules, unseen, notes: [] };
}
