/** Controllers that have no data plane in the cluster, known by what names them (SEMANTICS 2.6, 2.7, 2.9 and 3; CHECKS `controller-missing`). */
import { GCE_CLASSES } from './gce';
import type { ControllerType, RecognisedWorkload } from './types';

export interface ExternalController {
  readonly type: ControllerType;
  readonly name: string;
}

export interface ExternalRow extends ExternalController {
  /** `IngressClass.spec.controller`; one ending in `/` stands for all below it. */
  readonly values: readonly string[];
  /** Values of the annotation `kubernetes.io/ingress.class`. */
  readonly annotations: readonly string[];
}

export const EXTERNAL_CONTROLLERS: readonly ExternalRow[] = [
  {
    type: 'gce',
    name: 'GKE Ingress',
    values: ['networking.gke.io/', 'k8s.io/ingress-gce'],
    annotations: [...GCE_CLASSES, 'gce-multi-cluster'],
  },
  {
    type: 'aws-alb',
    name: 'AWS Load Balancer Controller',
    values: ['ingress.k8s.aws/alb'],
    annotations: ['alb'],
  },
  {
    type: 'aws-alb',
    name: 'EKS Auto Mode load balancing',
    values: ['eks.amazonaws.com/alb'],
    annotations: [],
  },
  {
    type: 'agic',
    name: 'Azure Application Gateway',
    values: ['azure/application-gateway'],
    annotations: ['azure/application-gateway'],
  },
  {
    type: 'unknown',
    name: 'Azure Application Gateway for Containers',
    values: ['alb.networking.azure.io/alb-controller'],
    annotations: [],
  },
  {
    type: 'unknown',
    name: 'OCI Native Ingress Controller (OKE)',
    values: ['oci.oraclecloud.com/native-ingress-controller'],
    annotations: [],
  },
  {
    type: 'unknown',
    name: 'Alibaba Cloud ALB Ingress',
    values: ['ingress.k8s.alibabacloud/alb'],
    annotations: [],
  },
  { type: 'unknown', name: 'Tailscale Ingress', values: ['tailscale.com/ts-ingress'], annotations: [] },
  {
    type: 'unknown',
    name: 'ngrok Ingress',
    values: ['k8s.ngrok.com/ingress-controller', 'ngrok.com/ingress-controller'],
    annotations: [],
  },
  // It has routers in the cluster, which serve Routes made from Ingresses: not traced, yet never "nobody claims this class".
  { type: 'unknown', name: 'OpenShift router', values: ['openshift.io/ingress-to-route'], annotations: [] },
];

/** An instance that stands for a controller outside the cluster, for `acceptance` and `answers`. */
export function externalInstance({ type, name }: ExternalController, value: string): RecognisedWorkload {
  return {
    type,
    namespace: '',
    name,
    role: 'both',
    image: '',
    version: '',
    controllerValues: value === '' ? [] : [value],
    ingressClass: type === 'agic' ? 'azure/application-gateway' : '',
    watchWithoutClass: type === 'gce' ? true : 'unknown',
    classByName: false,
    watchNamespaces: null,
    ignoredNamespaces: [],
    watchNamespaceSelector: null,
    ingressSelector: null,
    publishService: null,
    predatesV1: false,
    disableCatchAll: false,
    servesIngress: true,
    fieldFirst: false,
    allowEmptyServices: 'unknown',
    nginxProvider: null,
    unreadable: [],
    confidence: 'likely',
    evidence: [value === '' ? 'annotation kubernetes.io/ingress.class' : `spec.controller ${value}`],
  };
}
