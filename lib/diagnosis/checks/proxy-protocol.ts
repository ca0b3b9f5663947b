import { configMapRefs } from '@/lib/controllers/config-maps';
import { configMapState, controllerRef, controllerWorkload } from '@/lib/diagnosis/controller-parts';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { object } from '@/lib/topology/reads';
import { serviceSubject } from './load-balancer';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Whether the load balancer sends the PROXY header; `unknown` where its provider does not show. */
type Sends = 'yes' | 'no' | 'unknown';

/** Annotations that switch it on, and which of their values do. */
const SWITCHES: readonly (readonly [key: string, on: RegExp, provider: RegExp])[] = [
  [`${AWS}proxy-protocol`, /^\*$/, /^service\.beta\.kubernetes\.io\/aws-load-balancer-/],
  [`${AWS}target-group-attributes`, /proxy_protocol_v2\.enabled\s*=\s*true/, /^$/],
  ['service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol', /^true$/, /do-loadbalancer-/],
  ['load-balancer.hetzner.cloud/uses-proxyprotocol', /^true$/, /^load-balancer\.hetzner\.cloud\//],
  ['loadbalancer.openstack.org/proxy-protocol', /^(true|v1|v2)$/, /^loadbalancer\.openstack\.org\//],
  [
    'service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v2',
    /^(\*|true|[\d,]+)$/,
    /scw-loadbalancer-/,
  ],
  ['service.beta.kubernetes.io/linode-loadbalancer-proxy-protocol', /^v[12]$/, /linode-loadbalancer-/],
];
/** Google's passthrough load balancers never send it. */
const NEVER = /^(cloud\.google\.com|networking\.gke\.io)\//;

interface Header {
  readonly sends: Sends;
  /** The annotation that tells. */
  readonly by: string;
}

function sendsHeader({ annotations }: Service): Header {
  for (const [key, on] of SWITCHES) {
    const value = annotations[key];
    if (value !== undefined && on.test(value)) return { sends: 'yes', by: `${key}: ${value}` };
  }
  const keys = Object.keys(annotations);
  const known = keys.find((key) => NEVER.test(key) || SWITCHES.some(([, , provider]) => provider.test(key)));
  return known ? { sends: 'no', by: known } : { sends: 'unknown', by: '' };
}

/** In-tree network load balancers of AWS ignore the annotation: what is sent is not certain. */
function isUncertain({ annotations, loadBalancerClass }: Service): boolean {
  return annotations[`${AWS}type`] === 'nlb' && loadBalancerClass === '';
}

/**
 * `proxy-protocol-mismatch` of ingress-nginx: one side speaks it and the other does not, so that every request ends in 400
 * or is cut. Where the provider does not show, only a setting that is on is worth a warning.
 */
export function proxyProtocolMismatch(read: Reader, controller: Controller, service: Service): Draft | null {
  if (controller.type !== 'ingress-nginx' || service.type !== 'LoadBalancer') return null;
  const expects = expectsHeader(read, controller);
  if (expects === null) return null;
  const header = sendsHeader(service);
  const agrees = header.sends === 'unknown' ? !expects.value : expects.value === (header.sends === 'yes');
  return agrees ? null : mismatch(read, controller, service, expects, header);
}

function mismatch(
  read: Reader,
  controller: Controller,
  service: Service,
  expects: Expected,
  { sends, by }: Header,
): Draft {
  const uncertain = sends === 'unknown' || isUncertain(service);
  const subject = serviceSubject(service);
  const ref = controllerRef(read, controller);
  return draft({
    code: 'proxy-protocol-mismatch',
    severity: uncertain ? 'warning' : 'broken',
    hop: 'loadbalancer',
    subject,
    related: [ref],
    title: expects.value
      ? `${controller.name} waits for a PROXY header that its load balancer ${uncertain ? 'may not send' : 'does not send'}`
      : `The load balancer of ${controller.name} sends a PROXY header that nobody reads`,
    detail: `use-proxy-protocol is ${expects.value} in ${expects.source}; ${SAYS[sends]}${sends === 'yes' ? ` ${by}` : ''}`,
    evidence: [
      evidence(subject, 'metadata.annotations', by || 'nothing about the PROXY protocol'),
      evidence(ref, 'use-proxy-protocol', String(expects.value)),
    ],
    fix: {
      summary: 'Switch it on at both ends or at neither, and at the same moment.',
      look: [
        sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
        ...(expects.key
          ? [
              sh`kubectl -n ${splitKey(expects.key).namespace} get configmap ${splitKey(expects.key).name} -o yaml`,
            ]
          : []),
      ],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

const SAYS: Readonly<Record<Sends, string>> = {
  yes: 'the Service says',
  no: 'the Service does not switch it on',
  unknown: 'whether the load balancer sends it does not show on the Service',
};

interface Expected {
  readonly value: boolean;
  readonly source: string;
  readonly key: string | null;
}

/** Null where the ConfigMap cannot be read. */
function expectsHeader(read: Reader, controller: Controller): Expected | null {
  const workload = controllerWorkload(read, controller);
  if (!workload) return null;
  const reference = configMapRefs(workload).find(({ role }) => role === 'settings');
  if (!reference) {
    const isUnreadable = controller.recognised?.unreadable.includes('configmap') === true;
    return isUnreadable ? null : { value: false, source: 'its defaults', key: null };
  }
  const { key } = reference;
  if (configMapState(read, key) === 'missing') return { value: false, source: 'its defaults', key: null };
  const map = object(read, 'configmaps', key);
  return map ? { value: map.data['use-proxy-protocol'] === 'true', source: `ConfigMap ${key}`, key } : null;
}
