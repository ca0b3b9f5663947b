/** Azure Application Gateway Ingress Controller: SEMANTICS 2.9 and 3; pkg/annotations IsApplicationGatewayIngress. */
import type { Workload } from '@/lib/kube/objects';
import { allOf, byController, byUnreadableAnnotation, classAnnotation, inScope, unknown } from './acceptance';
import { readFlagOrEnvironment } from './arguments';
import { findEvidence } from './evidence';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

const VALUE = 'azure/application-gateway';

const SIGNATURE = {
  images: ['azure-application-gateway/kubernetes-ingress'],
  labels: [
    ['app', 'ingress-appgw'],
    ['app', 'ingress-azure'],
  ],
} as const;

/** Settings come from a ConfigMap through the environment: only those written out are readable. */
function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  const namespaces = readFlagOrEnvironment(
    found.args,
    'watch-namespace',
    workload,
    found.container,
    'KUBERNETES_WATCHNAMESPACE',
  );
  return recognised('agic', workload, found, {
    role: 'control',
    controllerValues: [VALUE],
    ingressClass: VALUE,
    ...watched(flags.namespaces('watch-namespace', namespaces), null),
    unreadable: flags.unreadable,
  });
}

function classRule({ instance, ingress, ingressClass }: AcceptanceQuery): Acceptance {
  const annotation = classAnnotation(ingress);
  if (annotation !== null) return byUnreadableAnnotation(annotation, instance.ingressClass, 'its class name');
  if (ingress.className !== null) return byController(ingress, ingressClass, instance.controllerValues);
  return unknown('the Ingress names no class, and its settings lie in a ConfigMap');
}

export const agic: Controller = {
  type: 'agic',
  title: 'Application Gateway Ingress Controller',
  note: 'Its pods carry no traffic: an Azure Application Gateway outside the cluster does.\nA Prefix path is a string prefix: /foo takes /foobar too.',
  answers: () => ({
    serviceMissing: null,
    noEndpoints: null,
    portMissing: null,
    noRoute: null,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
