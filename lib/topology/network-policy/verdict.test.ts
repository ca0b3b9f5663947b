import { describe, expect, it } from 'vitest';
import type { AddressEnd, End, PodEnd } from './ends';
import { pod, policy } from './testing/policies';
import { admits, mayReach, releases } from './verdict';

const TARGET = pod('x', 'a');
const SOURCES: Readonly<Record<string, End>> = {
  'x/b': pod('x', 'b'),
  'x/c': pod('x', 'c'),
  'y/b': pod('y', 'b'),
  'z/c': pod('z', 'c'),
  outside: { kind: 'address', ip: '203.0.113.9' } satisfies AddressEnd,
};

/** Who may reach x/a on TCP 80, as the suites of network-policy-api and cyclonus write their truth tables. */
function admitted(specs: readonly string[], port = 80, protocol = 'TCP', target: PodEnd = TARGET) {
  const policies = specs.map((spec, i) => policy('x', spec, `p${i}`));
  return Object.entries(SOURCES)
    .filter(([, from]) => admits(policies, from, { to: target, port, protocol }).state === 'allowed')
    .map(([name]) => name)
    .join(' ');
}

const EVERYONE = 'x/b x/c y/b z/c outside';

describe('ingress', () => {
  it.each([
    ['no policy at all', [], EVERYONE],
    ['a policy that selects another pod', ['{podSelector: {matchLabels: {pod: b}}}'], EVERYONE],
    ['an egress policy alone', ['{podSelector: {}, policyTypes: [Egress]}'], EVERYONE],
    ['deny all: no rules, types left out', ['{podSelector: {}}'], ''],
    ['deny all: an empty list', ['{podSelector: {}, ingress: []}'], ''],
    ['allow all: one empty rule', ['{podSelector: {}, ingress: [{}]}'], EVERYONE],
    ['an empty list of peers', ['{podSelector: {}, ingress: [{from: []}]}'], EVERYONE],
    ['an empty list of ports', ['{podSelector: {}, ingress: [{ports: []}]}'], EVERYONE],
    ['deny and allow: the union', ['{podSelector: {}}', '{podSelector: {}, ingress: [{}]}'], EVERYONE],
    [
      'pods of the same namespace only',
      ['{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'],
      'x/b x/c',
    ],
    [
      'a pod selector means the policy’s namespace',
      ['{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}'],
      'x/b',
    ],
    [
      'all namespaces',
      ['{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}'],
      'x/b x/c y/b z/c',
    ],
    [
      'one namespace',
      ['{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}]}]}'],
      'y/b',
    ],
    [
      'both selectors in one peer: AND',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
      'x/b y/b',
    ],
    [
      'two peers: OR',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}, {podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
      'x/b z/c',
    ],
    [
      'two rules: OR',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}]}, {from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
      'x/b z/c',
    ],
    [
      'two policies: the union',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}]}]}',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {}}]}]}',
      ],
      'x/b x/c z/c',
    ],
    [
      'In',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: ns, operator: In, values: [x, z]}]}}]}]}',
      ],
      'x/b x/c z/c',
    ],
    [
      'NotIn holds without the label',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [web]}]}}]}]}',
      ],
      'x/b x/c y/b z/c',
    ],
    [
      'Exists',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}]}]}',
      ],
      '',
    ],
    [
      'DoesNotExist',
      [
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]}',
      ],
      'x/b x/c y/b z/c',
    ],
    [
      'an address block for outside',
      ['{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}'],
      'outside',
    ],
    [
      'except takes out of its own block',
      ['{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}}]}]}'],
      '',
    ],
    [
      'except of one block does not bind another',
      [
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}}, {ipBlock: {cidr: 203.0.113.9/32}}]}]}',
      ],
      'outside',
    ],
    [
      'a block of the other family',
      ['{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'],
      '',
    ],
    ['a block that is none', ['{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: nonsense}}]}]}'], ''],
    [
      'the target by expression',
      ['{podSelector: {matchExpressions: [{key: pod, operator: NotIn, values: [a]}]}}'],
      EVERYONE,
    ],
  ] as const)('%s', (_name, specs, wanted) => {
    expect(admitted(specs)).toBe(wanted);
  });

  it.each([
    ['the port', '{port: 80}', 80, 'TCP', true],
    ['another port', '{port: 81}', 80, 'TCP', false],
    ['protocol defaults to TCP', '{port: 81}', 81, 'UDP', false],
    ['the protocol', '{port: 81, protocol: UDP}', 81, 'UDP', true],
    ['a protocol without port: all of it', '{protocol: UDP}', 4711, 'UDP', true],
    ['a protocol without port: none of others', '{protocol: UDP}', 80, 'TCP', false],
    ['a range', '{port: 79, endPort: 81}', 80, 'TCP', true],
    ['the end of a range', '{port: 79, endPort: 81}', 81, 'TCP', true],
    ['beyond a range', '{port: 79, endPort: 81}', 82, 'TCP', false],
    ['a name, at the pod', '{port: serve-80}', 80, 'TCP', true],
    ['a name of another port', '{port: serve-81}', 80, 'TCP', false],
    ['a name that no container declares', '{port: http}', 80, 'TCP', false],
    ['a name with another protocol', '{port: serve-81-udp}', 81, 'TCP', false],
    ['a name with its protocol', '{port: serve-81-udp, protocol: UDP}', 81, 'UDP', true],
  ] as const)('ports: %s', (_name, entry, port, protocol, wanted) => {
    const specs = [`{podSelector: {}, ingress: [{ports: [${entry}]}]}`];
    expect(admitted(specs, port, protocol)).toBe(wanted ? EVERYONE : '');
  });

  it('a name may be another number at another pod', () => {
    const specs = ['{podSelector: {}, ingress: [{ports: [{port: serve-80}]}]}'];
    const other = { ...TARGET, ports: [{ name: 'serve-80', port: 8080, protocol: 'TCP', hostPort: null }] };
    expect(admitted(specs, 8080, 'TCP', other)).toBe(EVERYONE);
    expect(admitted(specs, 80, 'TCP', other)).toBe('');
  });

  it('peers and ports of one rule must both match', () => {
    const specs = [
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}], ports: [{port: 81}]}, {from: [{podSelector: {}}], ports: [{port: 80}]}]}',
    ];
    expect(admitted(specs)).toBe('x/b x/c');
  });

  it('policies of other namespaces do not count', () => {
    const elsewhere = policy('y', '{podSelector: {}}');
    expect(admits([elsewhere], pod('y', 'b'), { to: TARGET, port: 80, protocol: 'TCP' }).state).toBe(
      'allowed',
    );
  });
});

describe('egress', () => {
  const to = (end: End, port = 80, protocol = 'TCP') => ({ to: end, port, protocol });
  const from = pod('x', 'b');

  it.each([
    ['types left out without egress rules', '{podSelector: {}}', 'allowed'],
    [
      'types left out with egress rules',
      '{podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {pod: c}}}]}]}',
      'blocked',
    ],
    ['deny all', '{podSelector: {}, policyTypes: [Egress]}', 'blocked'],
    [
      'the namespace of the target',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {ns: x}}}]}]}',
      'allowed',
    ],
    [
      'a name is looked up at the target',
      '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: serve-80}]}]}',
      'allowed',
    ],
  ] as const)('%s', (_name, spec, wanted) => {
    expect(releases([policy('x', spec)], from, to(TARGET)).state).toBe(wanted);
  });

  it('a named port never matches an address', () => {
    const named = policy(
      'x',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: serve-80}]}]}',
    );
    expect(releases([named], from, to({ kind: 'address', ip: '203.0.113.9' })).state).toBe('blocked');
  });

  it('both directions must be open', () => {
    const out = policy('x', '{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress]}', 'out');
    const into = policy('x', '{podSelector: {matchLabels: {pod: a}}, ingress: [{}]}', 'in');
    expect(mayReach([into], from, to(TARGET)).state).toBe('allowed');
    expect(mayReach([into, out], from, to(TARGET))).toMatchObject({
      state: 'blocked',
      direction: 'egress',
      policies: [{ name: 'out' }],
    });
  });
});

describe('what cannot be told', () => {
  const arrival = { to: TARGET, port: 80, protocol: 'TCP' };
  const state = (spec: string, from: End, to: PodEnd = TARGET) =>
    admits([policy('x', spec)], from, { ...arrival, to });

  it('an address block that covers a pod depends on the CNI; one that does not covers nobody', () => {
    const block = (cidr: string) => `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`;
    expect(state(block('10.0.0.0/8'), pod('y', 'b'))).toMatchObject({ doubt: 'ip-block-of-pods' });
    expect(state(block('203.0.113.0/24'), pod('y', 'b')).state).toBe('blocked');
    expect(state(block('203.0.113.0/24'), pod('y', 'b', { ips: [] }))).toMatchObject({
      doubt: 'ip-block-of-pods',
    });
  });

  it('a pod on its node’s network is not matched by selectors', () => {
    const host = pod('y', 'b', { hostNetwork: true });
    const named = '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}]}]}';
    expect(state(named, host)).toMatchObject({ state: 'unknown', doubt: 'host-network-source' });
    expect(state('{podSelector: {}}', host)).toMatchObject({ doubt: 'host-network-source' });
    expect(state('{podSelector: {}, ingress: [{ports: [{port: 80}]}]}', host).state).toBe('allowed');
    const nodes = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}';
    expect(state(nodes, host).state).toBe('allowed');
    expect(state('{podSelector: {}}', pod('y', 'b'), { ...TARGET, hostNetwork: true })).toMatchObject({
      doubt: 'host-network-target',
    });
  });

  it('a namespace that cannot be read is known by its name alone', () => {
    const unread = pod('y', 'b', {
      namespaceLabels: { labels: { 'kubernetes.io/metadata.name': 'y' }, complete: false },
    });
    const by = (label: string) =>
      `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {${label}}}}]}]}`;
    expect(state(by('kubernetes.io/metadata.name: y'), unread).state).toBe('allowed');
    expect(state(by('kubernetes.io/metadata.name: z'), unread).state).toBe('blocked');
    expect(state(by('ns: z'), unread)).toMatchObject({ doubt: 'namespace-labels' });
    expect(state(by('ns: z, kubernetes.io/metadata.name: z'), unread).state).toBe('blocked');
  });

  it('a certain rule outweighs a doubtful one; somebody outside may be any address', () => {
    const outside: End = { kind: 'address', ip: null };
    const block = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}';
    expect(state(block, outside)).toMatchObject({ doubt: 'ip-block-of-outside' });
    expect(
      admits([policy('x', block), policy('x', '{podSelector: {}, ingress: [{}]}')], outside, arrival).state,
    ).toBe('allowed');
    expect(state('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}', outside).state).toBe(
      'allowed',
    );
    expect(state('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}', outside).state).toBe(
      'blocked',
    );
    expect(state('{podSelector: {}, ingress: [{from: [{}]}]}', outside)).toMatchObject({
      doubt: 'empty-peer',
    });
  });

  it('between pods of an ambient mesh the port is another one', () => {
    const ambient = { ambient: true };
    expect(state('{podSelector: {}}', pod('y', 'b', ambient), { ...TARGET, ...ambient })).toMatchObject({
      doubt: 'ambient-mesh',
    });
    expect(state('{podSelector: {}}', pod('y', 'b'), { ...TARGET, ...ambient }).state).toBe('blocked');
  });
});
