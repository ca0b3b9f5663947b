/** AWS Load Balancer Controller: SEMANTICS 2.7 and 3; pkg/ingress (class and group loader), v3.5; CHECKS `ingress-class-unset`. */
import type { Workload } from '@/lib/kube/objects';
import {
  allOf,
  byAnnotation,
  byController,
  classAnnotation,
  defaultClassBelongsTo,
  inScope,
  isUnreadable,
  no,
  unknown,
  yes,
} from './acceptance';
import { findEvidence } from './evidence';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

const VALUE = 'ingress.k8s.aws/alb';

const SIGNATURE = {
  images: ['eks/aws-load-balancer-controller', 'amazon/aws-load-balancer-controller'],
  bases: ['aws-load-balancer-controller'],
  flags: ['aws-vpc-id', 'default-target-type', 'aws-region', 'enable-shield', 'enable-waf'],
  labels: [['app.kubernetes.io/name', 'aws-load-balancer-controller']],
} as const;

function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  const ingressClass = flags.text('ingress-class');
  return recognised('aws-alb', workload, found, {
    role: 'control',
    controllerValues: [VALUE],
    ingressClass,
    watchWithoutClass: flags.unreadable.includes('ingress-class') ? 'unknown' : ingressClass === '',
    ...watched(flags.namespaces('watch-namespace'), null),
    unreadable: flags.unreadable,
  });
}

/** Annotation, then the IngressClass's controller; the default class is resolved when the Ingress is read. */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass } = query;
  const annotation = classAnnotation(ingress);
  if (annotation !== null) {
    if (isUnreadable(query, 'ingress-class')) return unknown('--ingress-class cannot be read');
    return byAnnotation(annotation, instance.ingressClass || 'alb');
  }
  if (ingress.className !== null) return byController(ingress, ingressClass, instance.controllerValues);
  if (instance.watchWithoutClass === true)
    return yes('it takes Ingresses without class (no --ingress-class)');
  const ours = defaultClassBelongsTo(query, instance.controllerValues);
  if (ours === true) return yes('the default IngressClass is its own');
  if (ours === 'unknown' || instance.watchWithoutClass === 'unknown')
    return unknown('whether it takes Ingresses without class cannot be read');
  return no('the Ingress names no class, and no default IngressClass is its own');
}

export const awsAlb: Controller = {
  type: 'aws-alb',
  title: 'AWS Load Balancer Controller',
  note: 'Its pods carry no traffic: each Ingress, or group of them, becomes an ALB outside the cluster.\nCertificates come from ACM; TLS Secrets are not used.',
  answers: () => ({
    serviceMissing: 503,
    noEndpoints: null,
    portMissing: null,
    noRoute: 404,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
