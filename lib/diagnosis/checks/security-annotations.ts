import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { evidence, type Verdict } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { isEverybody } from '@/lib/diagnosis/reach';
import { listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { NGINX_PREFIX } from '@/lib/topology/annotation-marks';
import { exposure } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';

type Said = Pick<Verdict, 'code' | 'title' | 'detail'> & {
  readonly annotation: string;
  readonly mend: string;
};

function ofAnnotation(ingress: Ingress, { annotation, mend, ...said }: Said): Found {
  const { namespace, name } = ingress;
  const ref = refOf('ingresses', namespace, name, ingress.uid);
  return risk({
    ...said,
    severity: 'warning',
    hop: 'security',
    subject: ref,
    evidence: [
      evidence(ref, `metadata.annotations["${annotation}"]`, ingress.annotations[annotation] ?? 'not set'),
    ],
    fix: {
      summary: mend,
      look: [sh`kubectl -n ${namespace} get ingress ${name} -o yaml`],
      managedBy: managedBy(ingress),
    },
  });
}

/** Allow-lists by controller: ingress-nginx (both names), HAProxy Technologies, haproxy-ingress, AWS. */
const ALLOW_LISTS = [
  `${NGINX_PREFIX}whitelist-source-range`,
  `${NGINX_PREFIX}allowlist-source-range`,
  'haproxy.org/allow-list',
  'haproxy.org/whitelist',
  'haproxy-ingress.github.io/allowlist-source-range',
  'haproxy-ingress.github.io/whitelist-source-range',
];

/** `allowlist-open`: an allow-list that lets everybody in. cert-manager's solver sets such a one on purpose. */
export function allowListOpen(_: Reader, { ingress }: IngressUnit): readonly Found[] {
  if (ingress.labels['acme.cert-manager.io/http01-solver'] === 'true') return [];
  const annotation = ALLOW_LISTS.find((key) =>
    (ingress.annotations[key] ?? '').split(/[\s,]+/).some(isEverybody),
  );
  if (annotation === undefined) return [];
  return [
    ofAnnotation(ingress, {
      code: 'allowlist-open',
      annotation,
      title: `The allow-list of Ingress ${ingress.name} lets everybody in`,
      detail: `${annotation} holds ${listed((ingress.annotations[annotation] ?? '').split(/[\s,]+/).filter(isEverybody))}, which is every address: the list limits nobody`,
      mend: 'Name the real networks, and check that the controller sees the address of the client, not of a proxy or node.',
    }),
  ];
}

const TLS_BEFORE = /ssl-cert|tls|certificate|backend-protocol|ssl-ports/i;

/** TLS that a load balancer ends before the controller (ACM and the like) is held there, and not readable. */
function endsBefore(read: Reader, { controller }: IngressUnit): boolean {
  if (!controller?.recognised || !known(read, 'services').known) return true;
  return read
    .query(exposure, controller.id)
    .services.flatMap((key) => Object.keys(object(read, 'services', key)?.annotations ?? {}))
    .some((key) => TLS_BEFORE.test(key));
}

/** Hosts of which no Ingress ends TLS: ingress-nginx joins the Ingresses of a host. */
function plainHosts(read: Reader, { rules }: Ingress): readonly string[] {
  const hosts = [...new Set(rules.map(({ host }) => host))];
  return hosts.filter((host) =>
    members(read, 'ingresses-by-host', host).every(
      (key) => (object(read, 'ingresses', key)?.tls.length ?? 0) === 0,
    ),
  );
}

/** `basic-auth-without-tls`: passwords that go over the wire in the clear. */
export function basicAuthPlain(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const annotation = `${NGINX_PREFIX}auth-type`;
  const { annotations } = ingress;
  if (controller?.type !== 'ingress-nginx' || annotations[annotation] !== 'basic') return [];
  if (annotations[`${NGINX_PREFIX}force-ssl-redirect`] === 'true' || ingress.tls.length > 0) return [];
  const [host] = plainHosts(read, ingress);
  if (host === undefined || endsBefore(read, unit)) return [];
  return [
    ofAnnotation(ingress, {
      code: 'basic-auth-without-tls',
      annotation,
      title: `Passwords for ${host === '' ? 'every host' : host} go over the wire in the clear`,
      detail: `Ingress ${ingress.name} asks for a password (auth-type: basic), and no Ingress of ${host === '' ? 'its hosts' : host} has TLS: http is answered, and the password with it read on the way`,
      mend: 'Add spec.tls with a certificate for the host; ingress-nginx then sends http to https by itself.',
    }),
  ];
}

const CORS = [
  {
    on: `${NGINX_PREFIX}enable-cors`,
    origin: `${NGINX_PREFIX}cors-allow-origin`,
    credentials: `${NGINX_PREFIX}cors-allow-credentials`,
  },
  {
    on: 'haproxy.org/cors-enable',
    origin: 'haproxy.org/cors-allow-origin',
    credentials: 'haproxy.org/cors-allow-credentials',
  },
];

/**
 * `cors-wildcard-credentials`: every origin, and credentials asked for outright. That they are ingress-nginx' default beside
 * enable-cors is not told: browsers refuse the pair of `*` and credentials.
 */
export function corsWildcard(_: Reader, { ingress }: IngressUnit): readonly Found[] {
  const { annotations } = ingress;
  const found = CORS.find(
    ({ on, origin, credentials }) =>
      annotations[on] === 'true' &&
      (annotations[origin] ?? '*').split(',').some((entry) => entry.trim() === '*') &&
      annotations[credentials] === 'true',
  );
  if (!found) return [];
  return [
    ofAnnotation(ingress, {
      code: 'cors-wildcard-credentials',
      annotation: found.credentials,
      title: `Ingress ${ingress.name} lets every web site ask with its users' credentials`,
      detail: `it answers every origin (${annotations[found.origin] ?? '* by default'}) and allows credentials: browsers refuse that pair, and what gets around it lets any site act as a user who is logged in`,
      mend: 'List the origins that may ask, or take cors-allow-credentials away.',
    }),
  ];
}
