/** Scenarios as YAML: the objects of a cluster, what probes saw, and what must come of it. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type Built, build } from '@/lib/diagnosis/build';
import type { Observations } from '@/lib/diagnosis/settle';
import type { KindName, Secret } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { type ProjectedKind, project } from '@/lib/kube/project/project';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange, ResourceState } from '@/lib/state/change';
import type { DnsAnswer } from '@/lib/state/facts';
import type { Finding, Status } from '@/lib/topology/model';
import type { BuildConfig } from '@/lib/topology/reads';

/** The document `kind: Expect` of a fixture. */
export interface Expectation {
  /** RFC 3339; default 2026-01-01T12:00:00Z. */
  readonly now?: string;
  /** `code` or `code:KIND/NS/NAME…` of findings that must be there, open and settled. */
  readonly findings?: readonly string[];
  /** The same, not settled yet. */
  readonly unsettled?: readonly string[];
  /** The same, with state unknown. */
  readonly unknown?: readonly string[];
  /** Codes that must not be there in any state. */
  readonly absent?: readonly string[];
  /** No open finding at all but those listed. */
  readonly only?: boolean;
  /** Finding → the finding that must be its cause. */
  readonly causes?: Readonly<Record<string, string>>;
  readonly severities?: Readonly<Record<string, string>>;
  /** Finding → its title. */
  readonly titles?: Readonly<Record<string, string>>;
  readonly statuses?: Readonly<Record<string, Status>>;
  /** Resource → state other than `watched`. */
  readonly coverage?: Readonly<Record<string, ResourceState | 'cold'>>;
  /** Name → server → addresses (or an outcome word). */
  readonly dns?: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;
  readonly secrets?: Readonly<Record<string, 'present' | 'missing' | 'unreadable'>>;
  readonly config?: Partial<BuildConfig>;
  readonly formerAddresses?: readonly string[];
}

export interface Fixture {
  readonly objects: readonly ObjectChange[];
  readonly facts: readonly Change[];
  readonly expect: Expectation;
  readonly now: number;
  readonly observations: Observations;
}

interface Doc {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Reads a fixture file. */
export function readFixture(path: string): Fixture {
  const docs = parseAllDocuments(readFileSync(path, 'utf8')).map((doc) => {
    if (doc.errors.length > 0) throw new Error(`${path}: ${doc.errors[0]?.message}`);
    return doc.toJS() as Doc | null;
  });
  const expect = (docs.find((doc) => doc?.kind === 'Expect') ?? {}) as Expectation;
  const objects = docs.flatMap((doc) => (doc && doc.kind !== 'Expect' ? [toObject(path, doc)] : []));
  const now = Date.parse(expect.now ?? '2026-01-01T12:00:00Z');
  return {
    objects,
    facts: factsOf(expect, now),
    expect,
    now,
    observations: { sightings: {}, formerAddresses: expect.formerAddresses ?? [] },
  };
}

/** The topology of a fixture at its time. */
export function buildFixture(fixture: Fixture): Built {
  return build(fixture.objects, fixture.facts, fixture.observations, fixture.now, fixture.expect.config);
}

const interner = new Interner();

function toObject(path: string, doc: Doc): ObjectChange {
  const resource = RESOURCES.find((row) => row.kind === doc.kind);
  if (!resource) throw new Error(`${path}: kind ${doc.kind} is not watched`);
  const namespace = resource.namespaced ? (doc.metadata?.namespace ?? 'default') : '';
  const raw = { ...doc, metadata: { ...doc.metadata, ...(resource.namespaced ? { namespace } : {}) } };
  const object =
    resource.id === 'secrets' ? secretOf(raw) : project(resource.id as ProjectedKind, raw, interner);
  return {
    kind: resource.id as KindName,
    key: objectKey(namespace, doc.metadata?.name ?? ''),
    object,
  } as ObjectChange;
}

/** Fixtures name Secrets without contents. */
function secretOf(raw: { metadata: { name?: string; namespace?: string } }): Secret {
  const { name = '', namespace = '' } = raw.metadata;
  const meta = {
    namespace,
    name,
    uid: `uid-${name}`,
    created: null,
    deleting: null,
    labels: {},
    annotations: {},
    owner: null,
  };
  return {
    ...meta,
    type: 'kubernetes.io/tls',
    keys: ['tls.crt', 'tls.key'],
    certificate: null,
    certificateError: '',
  };
}

function factsOf(expect: Expectation, now: number): readonly Change[] {
  const coverage = RESOURCES.flatMap((row): Change[] => {
    const state = expect.coverage?.[row.id] ?? (row.optional ? 'absent' : 'watched');
    return state === 'cold'
      ? []
      : [
          {
            type: 'coverage',
            coverage: { resource: row.id, state, reason: state === 'watched' ? '' : `${row.id}: ${state}` },
          },
        ];
  });
  const dns = Object.entries(expect.dns ?? {}).map(
    ([name, answers]): Change => ({
      type: 'dns',
      name,
      fact: { name, answers: Object.entries(answers).map(([server, value]) => answerOf(server, value, now)) },
    }),
  );
  const secrets = Object.entries(expect.secrets ?? {}).map(
    ([key, state]): Change => ({
      type: 'secret',
      key,
      fact: { state, reason: state === 'unreadable' ? 'forbidden' : '' },
    }),
  );
  return [...coverage, ...dns, ...secrets];
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

/** The findings that a word of an expectation means: a whole id, or a code. */
export function matching(findings: Iterable<Finding>, word: string): readonly Finding[] {
  return [...findings].filter((finding) => finding.id === word || finding.code === word);
}
