import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChecklistContext } from '@/lib/diagnosis/checklist/answer';
import { factsOf, readFixture } from '@/lib/diagnosis/testing/fixture';
import type { Ingress, KindName, Kinds, Secret } from '@/lib/kube/objects';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { LogFact } from '@/lib/state/facts';
import { workloadControllerId } from '@/lib/topology/ids';
import type { Coverage } from '@/lib/topology/model';
import type { BuildConfig } from '@/lib/topology/reads';
import { checklistSchema, QUESTION_IDS } from '@/lib/wire/api';
import { build } from './build';
import { checklist, type QuestionId } from './checklist';
import { NO_OBSERVATIONS } from './settle';

const NOW = Date.parse('2026-01-01T12:00:00Z');

interface Fixture {
  readonly objects: readonly ObjectChange[];
  readonly facts: readonly Change[];
  readonly config: Partial<BuildConfig>;
}

const healthy = readHealthy();

function readHealthy(): Fixture {
  const { objects, expect: inputs } = readFixture(join(import.meta.dirname, 'fixtures/healthy-store.yaml'));
  return { objects, facts: factsOf(inputs), config: {} };
}

function graphOf(fixture: Fixture) {
  return build(fixture.objects, fixture.facts, NO_OBSERVATIONS, NOW, fixture.config).graph;
}

const HOST = 'www.example.com';
const STORE = 'shop/store';

function change<K extends KindName>(
  fixture: Fixture,
  kind: K,
  key: string,
  edit: (object: Kinds[K]) => Kinds[K] | null,
): Fixture {
  const objects = fixture.objects.map((entry) =>
    entry.kind === kind && entry.key === key
      ? ({ ...entry, object: edit(entry.object as Kinds[K]) } as ObjectChange)
      : entry,
  );
  return { ...fixture, objects };
}

function without(fixture: Fixture, kind: KindName): Fixture {
  return { ...fixture, objects: fixture.objects.filter((entry) => entry.kind !== kind) };
}

function facts(fixture: Fixture, ...added: readonly Change[]): Fixture {
  return { ...fixture, facts: [...fixture.facts, ...added] };
}

function withTls(secret: Secret | null): Fixture {
  const fixture = change(healthy, 'ingresses', STORE, (ingress) => ({
    ...ingress,
    tls: [{ hosts: [HOST], secretName: 'store-tls' }],
  }));
  const objects = secret ? [{ kind: 'secrets' as const, key: 'shop/store-tls', object: secret }] : [];
  return { ...fixture, objects: [...fixture.objects, ...objects] };
}

function secretUntil(notAfter: string | null, names: readonly string[] = [HOST]): Secret {
  const meta = { namespace: 'shop', name: 'store-tls', uid: 'u', created: null, deleting: null };
  const certificate =
    notAfter === null
      ? null
      : {
          subject: '',
          issuer: '',
          names,
          addresses: [],
          notBefore: Date.parse('2025-01-01T00:00:00.000Z'),
          notAfter: Date.parse(notAfter),
          keyMatches: true,
          selfSigned: false,
          leafFirst: true,
          chain: [],
          chainEnd: 'public-root' as const,
          missingIssuer: '',
          logged: true,
          weakness: '',
        };
  return {
    ...meta,
    labels: {},
    annotations: {},
    owner: null,
    type: 'kubernetes.io/tls',
    keys: ['tls.crt', 'tls.key'],
    certificate,
    certificateError: '',
    edited: null,
  };
}

function rules(...paths: readonly (readonly [pathType: string, path: string, service: string])[]) {
  return (ingress: Ingress): Ingress => ({
    ...ingress,
    rules: [
      {
        host: HOST,
        paths: paths.map(([pathType, path, name]) => ({
          path,
          pathType: pathType as 'Prefix',
          backend: { type: 'service', name, port: 80 },
        })),
      },
    ],
  });
}

/** Coverage as the server passes it on; the fixtures' facts have all of it. */
function coverageOf(fixture: Fixture): readonly Coverage[] {
  return fixture.facts.flatMap((fact) => (fact.type === 'coverage' ? [{ ...fact.coverage, fix: '' }] : []));
}

function ask(fixture: Fixture, host = HOST, path = '/wear', context: Partial<ChecklistContext> = {}) {
  const graph = graphOf(fixture);
  const takenAt = new Date(NOW).toISOString();
  const answer = checklist(graph, host, path, {
    coverage: coverageOf(fixture),
    takenAt,
    now: NOW,
    ...context,
  });
  const of = (id: QuestionId) => answer.questions.find((question) => question.id === id)!;
  return { answer, of, verdicts: answer.questions.map((question) => question.verdict).join(' ') };
}

describe('checklist', () => {
  it('asks the eleven questions in order, as the wire has them', () => {
    const { answer } = ask(healthy);
    expect(answer.questions.map((question) => question.id)).toEqual(QUESTION_IDS);
    expect(checklistSchema.parse(answer)).toEqual(answer);
  });

  it('rules out everything that it looks at for a healthy host, with the age of each answer', () => {
    const { verdicts, of } = ask(healthy);
    expect(verdicts).toBe('pass pass pass pass pass pass pass pass pass pass unknown');
    expect(of('endpoints').detail).toBe('2 of 2 endpoints ready');
    expect(of('controller-exposed').detail).toContain('203.0.113.10');
    expect(of('tls').detail).toContain(`valid until 2026-03-01T00:00:00.000Z (58 days) and covers ${HOST}`);
    expect(of('endpoints').checkedAt).toBe('2026-01-01T12:00:00.000Z');
    expect(of('network-policy').detail).toContain('no NetworkPolicy stands between');
    expect(of('controller-logs')).toMatchObject({
      checkedAt: null,
      detail: 'the log of ingress-nginx-controller has not been read yet',
    });
  });

  it('asks whether the controller’s log complains of this rule', () => {
    const read = (name: string) => {
      const path = join(import.meta.dirname, `fixtures/${name}.yaml`);
      const { objects, expect: inputs } = readFixture(path);
      return ask({ objects, facts: factsOf(inputs), config: {} }).of('controller-logs');
    };
    expect(read('controller-log-no-endpoints/empty')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('does not have any active Endpoint'),
    });
    const heard = (state: LogFact['state'], reason: string): Change => ({
      type: 'fact',
      source: 'log',
      key: workloadControllerId('Deployment', 'ingress-nginx', 'ingress-nginx-controller'),
      fact: { state, reason, complaints: [] },
    });
    expect(ask(facts(healthy, heard('read', ''))).of('controller-logs')).toMatchObject({
      verdict: 'pass',
      evidence: [{ path: 'log', value: 'read' }],
    });
    expect(ask(facts(healthy, heard('unreadable', 'pods/log is forbidden'))).of('controller-logs')).toEqual(
      expect.objectContaining({
        verdict: 'unknown',
        detail: expect.stringContaining('pods/log is forbidden'),
      }),
    );
  });

  it('asks whether policies let the controller through', () => {
    const read = (name: string) => {
      const path = join(import.meta.dirname, `fixtures/networkpolicy-blocks-controller/${name}.yaml`);
      const { objects, expect: inputs } = readFixture(path);
      return ask({ objects, facts: factsOf(inputs), config: {} }).of('network-policy');
    };
    expect(read('default-deny')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('default-deny'),
      findings: ['networkpolicy-blocks-controller:Service/shop/wear#80'],
    });
    expect(read('trap-allowed')).toMatchObject({ verdict: 'pass' });
    expect(read('ip-block-of-pods')).toMatchObject({ verdict: 'unknown' });
    const groups: Change = {
      type: 'fact',
      source: 'server',
      key: '',
      fact: { version: '', groups: ['cilium.io'] },
    };
    expect(ask(facts(healthy, groups)).of('network-policy')).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringContaining('CiliumNetworkPolicy'),
    });
  });

  it('takes what people paste: capitals, a port, a query', () => {
    const { answer, verdicts } = ask(healthy, 'WWW.example.com:443', '/wear/shoes?size=9#top');
    expect(answer).toMatchObject({ host: HOST, path: '/wear/shoes' });
    expect(verdicts).toMatch(/^(pass ){9}/);
  });

  it('says when the DNS answers were given', () => {
    expect(ask(healthy, HOST, '/wear', { dnsAt: '2026-01-01T11:59:30.000Z' }).of('dns').checkedAt).toBe(
      '2026-01-01T11:59:30.000Z',
    );
  });

  it('names the nearest host where no Ingress names this one, and asks no further', () => {
    const { of, verdicts } = ask(healthy, 'ww.example.com');
    expect(verdicts).toBe('pass pass pass unknown fail unknown unknown unknown unknown unknown unknown');
    expect(of('rule-exists').detail).toBe('no Ingress names ww.example.com; near: www.example.com');
    expect(of('tls').detail).toBe('no rule takes this host and path');
  });

  it('lists the paths of a host that has none for this one', () => {
    expect(ask(healthy, HOST, '/wearing').of('rule-exists')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('there is /wear'),
    });
  });

  it('never says that a rule is missing where Ingresses cannot be read', () => {
    const blind = facts(without(healthy, 'ingresses'), {
      type: 'coverage',
      coverage: { resource: 'ingresses', state: 'forbidden', reason: 'ingresses: forbidden' },
    });
    const graph = graphOf(blind);
    const coverage: readonly Coverage[] = [
      { resource: 'ingresses', state: 'forbidden', reason: 'ingresses: forbidden', fix: '' },
    ];
    const answer = checklist(graph, HOST, '/', {
      coverage,
      takenAt: '2026-01-01T12:00:00.000Z',
      now: NOW,
    });
    expect(answer.questions[4]).toMatchObject({ verdict: 'unknown', detail: 'ingresses: forbidden' });
  });

  it('finds no controller in a cluster without any', () => {
    const { of } = ask(without(without(healthy, 'deployments'), 'pods'));
    expect(of('controller-installed')).toMatchObject({
      verdict: 'fail',
      findings: ['controller-missing:Cluster/-/cluster'],
    });
    expect(of('controller-running').verdict).toBe('unknown');
    expect(of('rule-exists').verdict).toBe('pass');
  });

  it('does not know of controllers that it may not see', () => {
    const hidden = facts(without(without(without(healthy, 'deployments'), 'pods'), 'ingresses'));
    const context = {
      coverage: [{ resource: 'deployments', state: 'forbidden' as const, reason: 'forbidden', fix: '' }],
    };
    expect(ask(hidden, HOST, '/', context).of('controller-installed').verdict).toBe('unknown');
    expect(ask(hidden, HOST, '/', { limitedView: true }).of('controller-installed').verdict).toBe('unknown');
    expect(ask(hidden).of('controller-installed').verdict).toBe('fail');
  });

  it('tells a controller that is scaled to zero', () => {
    const idle = change(healthy, 'deployments', 'ingress-nginx/ingress-nginx-controller', (workload) => ({
      ...workload,
      replicas: 0,
    }));
    expect(ask(idle).of('controller-running')).toMatchObject({
      verdict: 'fail',
      findings: [expect.stringContaining('controller-scaled-to-zero')],
    });
  });

  it('tells a controller that nothing leads to', () => {
    const inside = change(healthy, 'services', 'ingress-nginx/ingress-nginx-controller', (service) => ({
      ...service,
      type: 'ClusterIP',
      addresses: [],
    }));
    expect(ask(inside).of('controller-exposed')).toMatchObject({
      verdict: 'fail',
      findings: [expect.stringContaining('controller-service-not-exposed')],
    });
  });

  it('does not know yet of a load balancer that has no address yet', () => {
    const fresh = change(healthy, 'services', 'ingress-nginx/ingress-nginx-controller', (service) => ({
      ...service,
      addresses: [],
      created: NOW - 10_000,
    }));
    expect(ask(fresh).of('controller-exposed')).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringContaining('no address yet'),
    });
  });

  it('does not know where DNS leads when it is off or has not answered', () => {
    const cold = { ...healthy, facts: healthy.facts.filter((fact) => fact.type !== 'dns') };
    expect(ask(cold).of('dns')).toMatchObject({ verdict: 'unknown', checkedAt: null });
    expect(ask({ ...healthy, config: { dns: false } }).of('dns')).toMatchObject({
      verdict: 'unknown',
      checkedAt: null,
    });
  });

  it('says that a name does not resolve', () => {
    const answers = ['a', 'b'].map((server) => ({
      server,
      outcome: 'nxdomain' as const,
      a: [],
      aaaa: [],
      cnames: [],
      ttl: 0,
      at: NOW,
    }));
    expect(
      ask(facts(healthy, { type: 'dns', name: HOST, fact: { name: HOST, answers } })).of('dns'),
    ).toMatchObject({ verdict: 'fail', findings: [`dns-name-unresolved:Host/-/${HOST}`] });
  });

  it('blames the class, not the Service, where the class does not exist', () => {
    const lost = change(healthy, 'ingresses', STORE, (ingress) => ({ ...ingress, className: 'ngin' }));
    const { of } = ask(lost);
    expect(of('class')).toMatchObject({
      verdict: 'fail',
      findings: ['ingress-class-missing:IngressClass.networking.k8s.io/-/ngin'],
    });
    expect(of('controller-installed').verdict).toBe('pass');
    expect(of('service-port').verdict).toBe('pass');
    expect(of('endpoints').verdict).toBe('pass');
  });

  it('tells a missing Service and leaves its endpoints open', () => {
    const { of } = ask(change(healthy, 'ingresses', STORE, rules(['Prefix', '/wear', 'waer'])));
    expect(of('service-port')).toMatchObject({
      verdict: 'fail',
      findings: ['service-missing:Service/shop/waer'],
    });
    expect(of('endpoints').verdict).toBe('unknown');
  });

  it('tells a port that the Service does not have', () => {
    const ported = change(healthy, 'services', 'shop/wear', (service) => ({
      ...service,
      ports: service.ports.map((port) => ({ ...port, port: 8081 })),
    }));
    expect(ask(ported).of('service-port')).toMatchObject({
      verdict: 'fail',
      findings: ['service-port-missing:Service/shop/wear#80'],
    });
  });

  it('tells that no endpoint is ready', () => {
    const unready = change(
      change(healthy, 'pods', 'shop/wear-5d8f-a', (pod) => ({
        ...pod,
        conditions: pod.conditions.map((c) => (c.type === 'Ready' ? { ...c, status: 'False' as const } : c)),
      })),
      'endpointslices',
      'shop/wear-abc',
      (slice) => ({
        ...slice,
        endpoints: slice.endpoints.map((endpoint) => ({ ...endpoint, ready: false, serving: false })),
      }),
    );
    const answer = ask(unready).of('endpoints');
    expect(answer.verdict).toBe('fail');
    expect(answer.findings.join()).toContain('service-');
    expect(answer.evidence[0]?.value).toBe('0 of 2 endpoints ready');
  });

  it('reads date, names and issuer of the certificate', () => {
    const { of } = ask(withTls(secretUntil('2026-03-01T00:00:00.000Z', ['a.example', '*.example.com'])));
    expect(of('tls').verdict).toBe('pass');
    expect(of('tls').detail).toContain(`valid until 2026-03-01T00:00:00.000Z (58 days) and covers ${HOST}`);
    expect(of('tls').evidence.map(({ path, value }) => `${path}: ${value}`)).toContain(
      'tls.crt names: *.example.com, a.example',
    );
    const other = ask(withTls(secretUntil('2026-03-01T00:00:00.000Z', ['other.example.com'])));
    expect(other.of('tls').verdict).toBe('fail');
    expect(other.of('tls').detail).toContain(`is not for ${HOST}: it names other.example.com`);
    expect(ask(withTls(secretUntil('2025-12-31T00:00:00.000Z'))).of('tls').verdict).toBe('fail');
    expect(ask(withTls(secretUntil(null))).of('tls').verdict).toBe('unknown');
  });

  it('holds a certificate to be valid that ends soon', () => {
    const { of } = ask(withTls(secretUntil('2026-01-10T12:00:00.000Z')));
    expect(of('tls')).toMatchObject({ verdict: 'pass', detail: expect.stringContaining('(9 days)') });
  });

  it('tells a missing Secret from one that it may not read', () => {
    expect(ask(withTls(null)).of('tls')).toMatchObject({
      verdict: 'fail',
      findings: ['tls-secret-missing:Secret/shop/store-tls'],
    });
    const hidden = facts(withTls(null), {
      type: 'coverage',
      coverage: { resource: 'secrets', state: 'forbidden', reason: 'secrets: forbidden' },
    });
    expect(ask(hidden).of('tls')).toMatchObject({ verdict: 'unknown' });
  });
});

describe('the rule that is meant', () => {
  const many = change(
    healthy,
    'ingresses',
    STORE,
    rules(
      ['Prefix', '/', 'wear'],
      ['Prefix', '/a', 'wear'],
      ['Prefix', '/a/b/', 'wear'],
      ['Exact', '/a/b', 'wear'],
    ),
  );
  const evidence = (path: string) => ask(many, HOST, path).of('rule-exists').detail;

  it('prefers Exact, then the longest prefix by elements', () => {
    expect(evidence('/a/b')).toContain('/a/b (Exact)');
    expect(evidence('/a/b/')).toContain('/a/b/ (Prefix)');
    expect(evidence('/a/bc')).toContain('/a (Prefix)');
    expect(evidence('/ab')).toContain('has / (Prefix)');
  });

  it('takes a wildcard for one label only', () => {
    const wild = change(healthy, 'ingresses', STORE, (ingress) => ({
      ...ingress,
      rules: ingress.rules.map((rule) => ({ ...rule, host: '*.example.com' })),
    }));
    expect(ask(wild, 'a.example.com').of('rule-exists')).toMatchObject({
      verdict: 'pass',
      detail: expect.stringContaining('*.example.com'),
    });
    expect(ask(wild, 'a.b.example.com').of('rule-exists').verdict).toBe('fail');
  });

  it('takes a rule without host for any host', () => {
    const any = change(healthy, 'ingresses', STORE, (ingress) => ({
      ...ingress,
      rules: ingress.rules.map((rule) => ({ ...rule, host: '' })),
    }));
    expect(ask(any, 'other.example.com').of('rule-exists')).toMatchObject({
      verdict: 'pass',
      detail: expect.stringContaining('every host'),
    });
    expect(ask(any, '*').of('rule-exists').verdict).toBe('pass');
  });

  it('does not judge patterns', () => {
    const pattern = change(
      healthy,
      'ingresses',
      STORE,
      rules(['ImplementationSpecific', '/api(/|$)(.*)', 'wear']),
    );
    expect(ask(pattern, HOST, '/api/v1').of('rule-exists').verdict).toBe('unknown');
  });
});
