import type { CertificateFacts, Meta } from '@/lib/kube/objects';
import type { ObjectChange } from '@/lib/state/change';
import type { Random } from './random';

const DAY_MS = 86_400_000;
const ISSUER = { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'le' };

function meta(random: Random, now: number, namespace: string, name: string): Meta {
  return {
    namespace,
    name,
    uid: `${name}-${random.below(3)}`,
    created: random.pick([null, now, now - 540_000, now - 7_200_000]),
    deleting: null,
    labels: {},
    annotations: random.pick([{}, {}, { 'cert-manager.io/certificate-name': 'tls' }]) as Record<
      string,
      string
    >,
    owner: null,
  };
}

/** Ends and begins close to now, so that it expires, and comes into force, while somebody watches. */
function certificate(random: Random, now: number): CertificateFacts {
  return {
    subject: 'one.example.com',
    issuer: random.pick(['one.example.com', 'R12', '(STAGING) Pear']),
    names: random.pick([[], ['one.example.com'], ['*.example.com'], ['ONE.example.com', 'two.example.com']]),
    addresses: [],
    notBefore: now + random.pick([-80 * DAY_MS, -5 * DAY_MS, 400_000]),
    notAfter: now + random.pick([60 * DAY_MS, 3 * DAY_MS + 60_000, 30_000, -200_000, -DAY_MS]),
    keyMatches: random.pick([true, true, true, false, null]),
    selfSigned: random.chance(0.2),
    leafFirst: random.chance(0.9),
    chain: [],
    chainEnd: random.pick(['public-root', 'public-root', 'own-root', 'gap']),
    missingIssuer: '',
    logged: random.chance(0.5),
    weakness: random.pick(['', '', 'RSA 1024']),
  };
}

function secret(random: Random, now: number): ObjectChange {
  const namespace = random.pick(['a', 'b']);
  const name = random.pick(['tls', 'tls', 'other']);
  return {
    kind: 'secrets',
    key: `${namespace}/${name}`,
    object: {
      ...meta(random, now, namespace, name),
      type: random.pick(['kubernetes.io/tls', 'kubernetes.io/tls', 'Opaque']),
      keys: random.pick([['tls.crt', 'tls.key'], ['tls.crt', 'tls.key'], ['tls.key'], []]),
      certificate: random.chance(0.8) ? certificate(random, now) : null,
      certificateError: random.pick(['', '', '', 'tls.crt is empty']),
      edited: null,
    },
  };
}

function ready(random: Random, now: number) {
  const status = random.pick(['True', 'False', 'Unknown']);
  const condition = { type: 'Ready', status, reason: 'Why', message: 'because', since: now - 60_000 };
  return random.pick([[], [condition], [condition]]);
}

/** A random change of what cert-manager makes, one owning the next. */
function ofCertManager(random: Random, now: number): ObjectChange {
  const namespace = random.pick(['a', 'b']);
  const owned = (name: string, kind: string, owner: string) => ({
    ...meta(random, now, namespace, name),
    owner: { group: 'cert-manager.io', kind, name: owner },
  });
  const key = (name: string) => `${namespace}/${name}`;
  const state = random.pick(['pending', 'valid', 'invalid', 'errored', '']);
  const makers: (() => ObjectChange)[] = [
    () => ({
      kind: 'certificates',
      key: key('tls'),
      object: {
        ...meta(random, now, namespace, 'tls'),
        secretName: random.pick(['tls', 'other']),
        dnsNames: [],
        issuer: ISSUER,
        conditions: ready(random, now),
        notAfter: null,
        renewalTime: random.pick([null, now - DAY_MS + 30_000, now - 2 * DAY_MS, now + DAY_MS]),
        lastFailureTime: random.pick([null, now - 3_600_000]),
      },
    }),
    () => ({
      kind: 'clusterissuers',
      key: '/le',
      object: { ...meta(random, now, '', 'le'), isAcme: true, conditions: ready(random, now) },
    }),
    () => ({
      kind: 'certificaterequests',
      key: key('tls-1'),
      object: { ...owned('tls-1', 'Certificate', 'tls'), issuer: ISSUER, conditions: ready(random, now) },
    }),
    () => ({
      kind: 'orders',
      key: key('tls-1-1'),
      object: { ...owned('tls-1-1', 'CertificateRequest', 'tls-1'), state, reason: '' },
    }),
    () => ({
      kind: 'challenges',
      key: key('c'),
      object: {
        ...owned('c', 'Order', 'tls-1-1'),
        dnsName: 'one.example.com',
        type: 'HTTP-01',
        state,
        reason: '',
      },
    }),
  ];
  return random.pick(makers)();
}

/** A random change of a Secret, of a controller's settings, or of cert-manager's objects. */
export function randomTls(random: Random, now: number): ObjectChange {
  if (random.chance(0.5)) return secret(random, now);
  if (random.chance(0.7)) return ofCertManager(random, now);
  const data = random.pick([
    {},
    { 'ssl-protocols': 'TLSv1 TLSv1.3', hsts: 'false' },
    { 'ssl-redirect': 'false' },
  ]);
  return {
    kind: 'configmaps',
    key: 'a/settings',
    object: { ...meta(random, now, 'a', 'settings'), data: data as Record<string, string>, edited: null },
  };
}
