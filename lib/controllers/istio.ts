/** Istio's Ingress support: SEMANTICS 2.8 and 3; pilot/pkg/config/kube/ingress shouldProcessIngressWithClass. */
import type { Workload } from '@/lib/kube/objects';
import { byController, byUnreadableAnnotation, classAnnotation, unknown } from './acceptance';
import { type Evidence, findEvidence } from './evidence';
import { parseImage } from './image';
import { recognised } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller, RecognisedWorkload } from './types';

const VALUE = 'istio.io/ingress-controller';
const MESH_CONFIG = 'meshConfig.ingressControllerMode';

const PILOT = {
  images: ['istio/pilot'],
  bases: ['pilot', 'istiod'],
  programs: ['pilot-discovery'],
  flags: ['monitoringaddr', 'keepalivemaxserverconnectionage'],
  labels: [['app', 'istiod']],
} as const;

const PROXY = { images: ['istio/proxyv2'], bases: ['proxyv2'], programs: ['pilot-agent'] } as const;

/** Egress gateways and waypoints carry no traffic from outside. */
function isIngressGateway(workload: Workload): boolean {
  const istio = workload.templateLabels.istio ?? '';
  return !/egress|eastwest|waypoint/.test(
    `${istio} ${workload.name} ${workload.templateLabels['gateway.istio.io/managed'] ?? ''}`,
  );
}

/** Gateways run `proxy router`; `proxy sidecar` is anybody's pod. The chart's image `auto` is filled in by injection. */
function gateway(workload: Workload): Evidence | null {
  if (!isIngressGateway(workload)) return null;
  const found = findEvidence(workload, PROXY);
  if (found) return found.args.words.includes('router') ? found : null;
  const injected = workload.containers.find(
    ({ name, image }) => name === 'istio-proxy' && parseImage(image).base === 'auto',
  );
  if (!injected) return null;
  return {
    container: injected,
    args: { words: [], flags: new Map() },
    confidence: 'likely',
    evidence: ['container istio-proxy with image auto'],
  };
}

function recognise(workload: Workload): RecognisedWorkload | null {
  const data = gateway(workload);
  if (data) return recognised('istio', workload, data, { role: 'data' });
  const found = findEvidence(workload, PILOT);
  if (!found) return null;
  return recognised('istio', workload, found, {
    role: 'control',
    controllerValues: [VALUE],
    ingressClass: 'istio',
    unreadable: [MESH_CONFIG],
  });
}

/** Annotation first, then the IngressClass's controller; without class only in mode DEFAULT, which the mesh config holds. */
function accept({ instance, ingress, ingressClass }: AcceptanceQuery): Acceptance {
  const annotation = classAnnotation(ingress);
  if (annotation !== null)
    return byUnreadableAnnotation(annotation, instance.ingressClass, 'meshConfig.ingressClass');
  if (ingress.className !== null) return byController(ingress, ingressClass, instance.controllerValues);
  return unknown(`the Ingress names no class, and ${MESH_CONFIG} cannot be read`);
}

export const istio: Controller = {
  type: 'istio',
  title: 'Istio ingress gateway',
  note: 'spec.defaultBackend of an Ingress is ignored.\nTLS Secrets are looked up in the namespace of the gateway, not of the Ingress.',
  answers: () => ({
    serviceMissing: null,
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
  accept,
};
