import type { CertificateFacts, Secret } from '@/lib/kube/objects';
import { lastEdit } from '@/lib/kube/project/edit';
import { Interner } from '@/lib/kube/project/interner';
import { meta } from '@/lib/kube/project/meta';

type Times = 'notBefore' | 'notAfter';

/** What a fixture may say of a Secret instead of its data; times as RFC 3339. */
interface SecretDoc {
  readonly metadata: object;
  readonly type?: string;
  readonly keys?: readonly string[];
  readonly certificate?: (Partial<Omit<CertificateFacts, Times>> & { readonly [T in Times]?: string }) | null;
  readonly certificateError?: string;
}

/** A certificate of a public authority, half way through its 90 days at the fixtures' usual time. */
const HEALTHY: CertificateFacts = {
  subject: 'www.example.com',
  issuer: 'R12',
  names: ['example.com', '*.example.com'],
  addresses: [],
  notBefore: Date.parse('2025-12-01T00:00:00Z'),
  notAfter: Date.parse('2026-03-01T00:00:00Z'),
  keyMatches: true,
  selfSigned: false,
  leafFirst: true,
  chain: [],
  chainEnd: 'public-root',
  missingIssuer: '',
  logged: true,
  weakness: '',
};

const interner = new Interner();

/** A Secret as fixtures write it: facts instead of values, healthy where nothing is said. */
export function secretOf(raw: object): Secret {
  const doc = raw as SecretDoc;
  const common = meta(doc as unknown as Parameters<typeof meta>[0], interner);
  if (common === null) throw new Error('a Secret needs a usable name');
  return {
    ...common,
    type: doc.type ?? 'kubernetes.io/tls',
    keys: doc.keys ?? ['tls.crt', 'tls.key'],
    certificate: doc.certificate === null ? null : certificateOf(doc.certificate ?? {}),
    certificateError: doc.certificateError ?? '',
    edited: lastEdit(raw as Parameters<typeof lastEdit>[0], interner),
  };
}

function certificateOf(stated: NonNullable<SecretDoc['certificate']>): CertificateFacts {
  const { notBefore, notAfter, ...rest } = stated;
  return {
    ...HEALTHY,
    ...rest,
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: Date.parse(notAfter) }),
  };
}
