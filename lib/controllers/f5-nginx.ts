/** nginx/kubernetes-ingress (F5): SEMANTICS 2.2 and 3; internal/k8s/controller.go HasCorrectIngressClass, ~5.5. */
import type { Workload } from '@/lib/kube/objects';
import {
  allOf,
  byAnnotation,
  byName,
  classAnnotation,
  inScope,
  isUnreadable,
  no,
  unknown,
  yes,
} from './acceptance';
import { findEvidence } from './evidence';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

const VALUE = 'nginx.org/ingress-controller';

const SIGNATURE = {
  images: [
    'nginx/nginx-ingress',
    'nginx-ic/nginx-plus-ingress',
    'nginx-ic/nginx-ingress',
    'nginx/nginx-ingress-plus',
  ],
  bases: ['nginx-ingress', 'nginx-plus-ingress'],
  programs: ['nginx-ingress'],
  flags: [
    'nginx-configmaps',
    'report-ingress-status',
    'external-service',
    'nginx-plus',
    'enable-custom-resources',
  ],
  labels: [
    ['app.kubernetes.io/name', 'nginx-ingress'],
    ['app', 'nginx-ingress'],
  ],
} as const;

function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  return recognised('f5-nginx', workload, found, {
    role: 'both',
    controllerValues: [VALUE],
    ingressClass: flags.text('ingress-class', 'nginx'),
    watchWithoutClass: false,
    ...watched(flags.namespaces('watch-namespace'), flags.selector('watch-namespace-label')),
    publishService: flags.service('external-service', workload.namespace),
    unreadable: flags.unreadable,
  });
}

/** By class name, annotation first; the IngressClass of that name must be F5's or the pod refuses to start. */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass } = query;
  if (isUnreadable(query, 'ingress-class')) return unknown('-ingress-class cannot be read');
  const annotation = classAnnotation(ingress);
  if (annotation !== null) return byAnnotation(annotation, instance.ingressClass);
  if (ingress.className === null) return no('the Ingress names no class, and it takes none without');
  const name = byName(ingress, instance.ingressClass);
  if (name.accepts !== 'yes') return name;
  if (ingressClass === 'missing')
    return unknown(`IngressClass ${ingress.className} does not exist: its pods cannot start without`);
  if (ingressClass === 'unknown' || ingressClass === null) return name;
  return ingressClass.controller === VALUE
    ? yes(`IngressClass ${ingress.className} has spec.controller ${VALUE}`)
    : no(`IngressClass ${ingress.className} belongs to ${ingressClass.controller}`);
}

export const f5Nginx: Controller = {
  type: 'f5-nginx',
  title: 'F5 NGINX Ingress Controller',
  note: 'A host belongs to one Ingress, the oldest; others are merged only as minions.\nThe class annotation wins over spec.ingressClassName.',
  answers: () => ({
    serviceMissing: 502,
    noEndpoints: 502,
    portMissing: null,
    noRoute: null,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: 301,
    dropsRoute: false,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
