/** Scenarios as YAML: the objects of a cluster, what probes saw, and what must come of it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Built, build } from '@/lib/diagnosis/build';
import type { KindName } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { type ProjectedKind, project } from '@/lib/kube/project/project';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { DnsAnswer } from '@/lib/state/facts';
import type { Expectation, Inputs } from './expectation';
import { otherFacts } from './fixture-facts';
import { mergePatch } from './merge-patch';
import { secretOf } from './secret';

export interface Fixture {
  readonly objects: readonly ObjectChange[];
  readonly expect: Expectation;
}

interface Doc {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

const DEFAULT_NOW = '2026-01-01T12:00:00Z';
const DEFAULT_SEEN_S = 3600;

/** Reads a fixture file with all that it includes. */
export function readFixture(path: string): Fixture {
  const { docs, expect } = readDocs(path);
  return { objects: [...docs.values()].map((doc) => toObject(path, doc)), expect };
}

/** The raw objects of a fixture file with all that it includes, as an API server would send them. */
export function documentsOf(path: string): readonly object[] {
  return [...readDocs(path).docs.values()];
}

function readDocs(path: string): { docs: Map<string, Doc>; expect: Expectation } {
  const parsed = parseAllDocuments(readFileSync(path, 'utf8')).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`);
    return (document.toJS() as Doc | null) ?? [];
  });
  const own = (parsed.find((doc) => doc.kind === 'Expect') ?? {}) as Expectation;
  const docs = new Map<string, Doc>();
  const inputs = include(dirname(path), own, docs);
  for (const key of own.remove ?? [])
    if (!docs.delete(key)) throw new Error(`${path}: nothing to remove: ${key}`);
  for (const doc of parsed) {
    if (doc.kind === 'Expect') continue;
    const key = `${doc.kind}/${namespaceOf(doc) || '-'}/${doc.metadata?.name}`;
    docs.set(key, mergePatch(docs.get(key), doc) as Doc);
  }
  return { docs, expect: { ...inputs, ...own, dns: { ...inputs.dns, ...own.dns } } };
}

/** Takes the objects of included files, and what their probes saw. */
function include(folder: string, wanted: Expectation, docs: Map<string, Doc>): Inputs {
  let inputs: Inputs = {};
  for (const file of wanted.include ?? []) {
    const base = readDocs(join(folder, file));
    for (const [key, doc] of base.docs) docs.set(key, doc);
    const { dns, secrets, coverage, config, configmaps, logs, crashes, server } = base.expect;
    const own = { dns, secrets, coverage, config, configmaps, logs, crashes, server };
    const told = Object.entries(own).filter(([, value]) => value !== undefined);
    inputs = { ...inputs, ...Object.fromEntries(told) };
  }
  return inputs;
}

/** The facts of a fixture at its time. */
export function factsOf(inputs: Inputs): readonly Change[] {
  const coverage = RESOURCES.flatMap((row): Change[] => {
    const state = inputs.coverage?.[row.id] ?? (row.optional ? 'absent' : 'watched');
    const reason = state === 'watched' ? '' : `${row.id}: ${state}`;
    return state === 'cold' ? [] : [{ type: 'coverage', coverage: { resource: row.id, state, reason } }];
  });
  const dns = Object.entries(inputs.dns ?? {}).map(
    ([name, answers]): Change => ({
      type: 'dns',
      name,
      fact: {
        name,
        answers: Object.entries(answers).map(([server, value]) => answerOf(server, value, nowOf(inputs))),
      },
    }),
  );
  const secrets = Object.entries(inputs.secrets ?? {}).map(
    ([key, state]): Change => ({
      type: 'secret',
      key,
      fact: { state, reason: state === 'unreadable' ? 'forbidden' : '' },
    }),
  );
  return [...coverage, ...dns, ...secrets, ...otherFacts(inputs, nowOf(inputs))];
}

/** Builds at the time when we first looked, then at its time, as a running dashboard would. */
export function buildFixture(objects: readonly ObjectChange[], inputs: Inputs): Built {
  const now = nowOf(inputs);
  const facts = factsOf(inputs);
  const nothing = { sightings: {}, formerAddresses: inputs.formerAddresses ?? [] };
  const first = build(objects, facts, nothing, now - (inputs.seen ?? DEFAULT_SEEN_S) * 1000, inputs.config);
  return build(objects, facts, first.observations, now, inputs.config);
}

function nowOf(inputs: Inputs): number {
  return Date.parse(inputs.now ?? DEFAULT_NOW);
}

const interner = new Interner();

/** By kind; where two groups have one of that name (Calico's NetworkPolicy), by group too. */
function rowOf({ kind, apiVersion = '' }: Doc) {
  const rows = RESOURCES.filter((row) => row.kind === kind);
  return rows.find(({ group, version }) => apiVersion === `${group}/${version}`) ?? rows[0];
}

function namespaceOf(doc: Doc): string {
  const namespaced = rowOf(doc)?.namespaced ?? false;
  return namespaced ? (doc.metadata?.namespace ?? 'default') : '';
}

/** One object as the store takes it; `path` is for messages. */
export function toObject(path: string, doc: Doc): ObjectChange {
  const resource = rowOf(doc);
  if (!resource) throw new Error(`${path}: kind ${doc.kind} is not watched`);
  const namespace = namespaceOf(doc);
  const uid = `uid-${doc.kind}-${namespace}-${doc.metadata?.name}`;
  const raw = { ...doc, metadata: { uid, ...doc.metadata, ...(resource.namespaced ? { namespace } : {}) } };
  const object =
    resource.id === 'secrets' ? secretOf(raw) : project(resource.id as ProjectedKind, raw, interner);
  if (object === null) throw new Error(`${path}: ${uid} has no usable name`);
  return {
    kind: resource.id as KindName,
    key: objectKey(namespace, doc.metadata?.name ?? ''),
    object,
  } as ObjectChange;
}

function answerOf(server: string, value: readonly string[] | string, at: number): DnsAnswer {
  const base = { server, a: [], aaaa: [], cnames: [], ttl: 60, at };
  if (typeof value === 'string') return { ...base, outcome: value as DnsAnswer['outcome'] };
  const isV6 = (text: string) => text.includes(':');
  const isName = (text: string) => /[a-z]/i.test(text) && !isV6(text);
  return {
    ...base,
    outcome: 'ok',
    a: value.filter((v) => !isV6(v) && !isName(v)),
    aaaa: value.filter(isV6),
    cnames: value.filter(isName),
  };
}
