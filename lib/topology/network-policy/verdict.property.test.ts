import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '@/lib/kube/objects';
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '@/lib/kube/policy-objects';
import type { AddressEnd, PodEnd } from './ends';
import { pod, policy } from './testing/policies';
import { mayReach } from './verdict';

const NAMESPACES = ['x', 'y', 'z'];
const NAMES = ['a', 'b', 'c'];
const PODS = NAMESPACES.flatMap((namespace) => NAMES.map((name) => pod(namespace, name)));

/** mulberry32. */
function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below) | 0;
  };
}

type Random = (below: number) => number;

function selector(random: Random, key: string, values: readonly string[]): LabelSelector {
  const value = values[random(values.length)] as string;
  if (random(4) === 0) return { matchLabels: {}, matchExpressions: [] };
  if (random(3) > 0) return { matchLabels: { [key]: value }, matchExpressions: [] };
  const operator = ['In', 'NotIn', 'Exists', 'DoesNotExist'][random(4)] as string;
  return { matchLabels: {}, matchExpressions: [{ key, operator, values: [value, values[0] as string] }] };
}

function peer(random: Random): PolicyPeer {
  const kind = random(4);
  // Blocks here never cover a pod: what they make of pods is the CNI's business, and tested by hand.
  if (kind === 3)
    return {
      podSelector: null,
      namespaceSelector: null,
      ipBlock: {
        cidr: random(2) ? '203.0.113.0/24' : '198.51.100.0/24',
        except: random(2) ? ['203.0.113.9/32'] : [],
      },
    };
  return {
    podSelector: kind === 1 ? null : selector(random, 'pod', NAMES),
    namespaceSelector: kind === 0 ? null : selector(random, 'ns', NAMESPACES),
    ipBlock: null,
  };
}

function port(random: Random): PolicyPort {
  const which = random(4);
  const protocol = random(4) === 0 ? 'UDP' : 'TCP';
  if (which === 0) return { protocol, port: null, endPort: null };
  if (which === 1)
    return { protocol, port: ['serve-80', 'serve-81', 'none'][random(3)] as string, endPort: null };
  return { protocol, port: 79 + random(3), endPort: which === 2 ? 80 + random(2) : null };
}

const times = <T>(n: number, make: () => T): readonly T[] => Array.from({ length: n }, make);

function randomPolicy(random: Random): NetworkPolicy {
  const rules = (): readonly PolicyRule[] =>
    times(random(3), () => ({
      peers: times(random(3), () => peer(random)),
      ports: times(random(3), () => port(random)),
    }));
  return {
    ...policy(NAMESPACES[random(3)] as string, '{podSelector: {}}'),
    podSelector: selector(random, 'pod', NAMES),
    isolatesIngress: random(2) === 0,
    isolatesEgress: random(2) === 0,
    ingress: rules(),
    egress: rules(),
  };
}

/** The definition, as sets: every pair that some rule names may talk, and whoever no policy selects. */
function reference(
  policies: readonly NetworkPolicy[],
  from: PodEnd | AddressEnd,
  to: PodEnd | AddressEnd,
  number: number,
  protocol: string,
): boolean {
  const has = (labels: Readonly<Record<string, string>>, { matchLabels, matchExpressions }: LabelSelector) =>
    Object.entries(matchLabels).every(([k, v]) => labels[k] === v) &&
    matchExpressions.every(({ key, operator, values }) => {
      const inside = values.includes(labels[key] ?? '\0');
      return { In: inside, NotIn: !inside, Exists: key in labels, DoesNotExist: !(key in labels) }[operator];
    });
  const peerSet = (one: PolicyPeer, home: string) => (end: PodEnd | AddressEnd) => {
    if (end.kind === 'address')
      return (
        one.ipBlock &&
        end.ip?.startsWith(one.ipBlock.cidr.slice(0, -4)) &&
        !one.ipBlock.except.includes(`${end.ip}/32`)
      );
    if (one.ipBlock) return false;
    const namespaces = NAMESPACES.filter((ns) =>
      one.namespaceSelector ? has({ ns }, one.namespaceSelector) : ns === home,
    );
    return namespaces.includes(end.namespace) && (!one.podSelector || has(end.labels, one.podSelector));
  };
  const opened = (p: PolicyPort) => {
    const numbers =
      typeof p.port === 'string'
        ? to.kind === 'pod'
          ? to.ports.filter((c) => c.name === p.port && c.protocol === p.protocol).map((c) => c.port)
          : []
        : [];
    if (p.protocol !== protocol) return false;
    if (p.port === null) return true;
    if (typeof p.port === 'string') return numbers.includes(number);
    return number >= p.port && number <= (p.endPort ?? p.port);
  };
  const direction = (
    side: 'ingress' | 'egress',
    subject: PodEnd | AddressEnd,
    other: PodEnd | AddressEnd,
  ) => {
    if (subject.kind === 'address') return true;
    const mine = policies.filter(
      (p) =>
        p.namespace === subject.namespace &&
        has(subject.labels, p.podSelector) &&
        (side === 'ingress' ? p.isolatesIngress : p.isolatesEgress),
    );
    if (mine.length === 0) return true;
    return mine.some((p) =>
      p[side].some(
        (rule) =>
          (rule.peers.length === 0 || rule.peers.some((one) => peerSet(one, p.namespace)(other))) &&
          (rule.ports.length === 0 || rule.ports.some(opened)),
      ),
    );
  };
  return direction('ingress', to, from) && direction('egress', from, to);
}

describe('any policies between nine pods and two addresses', () => {
  const ends = [
    ...PODS,
    ...['203.0.113.9', '198.51.100.7'].map((ip): AddressEnd => ({ kind: 'address', ip })),
  ];
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('agree with the definition (seed %d)', (seed) => {
    const random = randomSource(seed);
    const policies = times(1 + random(4), () => randomPolicy(random));
    const differences = ends.flatMap((from) =>
      ends.flatMap((to) =>
        (
          [
            [80, 'TCP'],
            [81, 'TCP'],
            [81, 'UDP'],
          ] as const
        ).filter(([number, protocol]) => {
          const verdict = mayReach(policies, from, { to, port: number, protocol });
          return verdict.state !== (reference(policies, from, to, number, protocol) ? 'allowed' : 'blocked');
        }),
      ),
    );
    expect(differences).toEqual([]);
  });
});
