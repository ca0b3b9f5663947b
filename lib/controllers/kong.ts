/** Kong: SEMANTICS 2.9 and 3; internal/controllers/utils/utils.go MatchesIngressClass of the Kong Ingress Controller 3. */
import type { Workload } from '@/lib/kube/objects';
import { allOf, classAnnotation, inScope, isUnreadable, no, unknown, yes } from './acceptance';
import { readFlagOrEnvironment } from './arguments';
import { type Evidence, findEvidence, type Signature } from './evidence';
import { parseImage } from './image';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller, RecognisedWorkload } from './types';

const VALUE = 'ingress-controllers.konghq.com/kong';

const CONTROL = {
  images: ['kong/kubernetes-ingress-controller'],
  bases: ['kubernetes-ingress-controller'],
  flags: ['kong-admin-svc', 'kong-admin-url', 'publish-service-udp'],
} as const;

/** `kong/…` names other programs too, so the last segment must be exact. */
const GATEWAY: Signature & { readonly bases: readonly string[] } = {
  images: ['kong/kong-gateway', 'kong/kong', 'library/kong'],
  bases: ['kong', 'kong-gateway'],
};

/** The gateway's container. */
function gateway(workload: Workload): Evidence | null {
  const found = findEvidence(workload, GATEWAY);
  return found && GATEWAY.bases.includes(parseImage(found.container.image).base) ? found : null;
}

function recognise(workload: Workload): RecognisedWorkload | null {
  const found = findEvidence(workload, CONTROL);
  const data = gateway(workload);
  if (!found) return data && recognised('kong', workload, data, { role: 'data', confidence: 'likely' });
  const flags = new FlagReader(found.args);
  const read = (name: string, variable: string) =>
    readFlagOrEnvironment(found.args, name, workload, found.container, variable);
  return recognised('kong', workload, found, {
    role: data ? 'both' : 'control',
    controllerValues: [VALUE],
    ingressClass: flags.note('ingress-class', read('ingress-class', 'CONTROLLER_INGRESS_CLASS'), 'kong'),
    classByName: true,
    ...watched(
      flags.namespaces('watch-namespace', read('watch-namespace', 'CONTROLLER_WATCH_NAMESPACE')),
      null,
    ),
    publishService: flags.service(
      'publish-service',
      workload.namespace,
      read('publish-service', 'CONTROLLER_PUBLISH_SERVICE'),
    ),
    unreadable: flags.unreadable,
  });
}

/** By name, in field or annotation; without class when the IngressClass of its own name is the default one. */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, context } = query;
  if (isUnreadable(query, 'ingress-class')) return unknown('--ingress-class cannot be read');
  const wanted = instance.ingressClass;
  const annotation = classAnnotation(ingress);
  if (annotation === null && ingress.className === null) {
    if (!context.classes) return unknown('the default IngressClass cannot be read');
    return context.classes.some(({ name, isDefault }) => isDefault && name === wanted)
      ? yes(`IngressClass ${wanted} is the default`)
      : no(`the Ingress names no class, and IngressClass ${wanted} is not the default`);
  }
  const given = [annotation, ingress.className].filter((name) => name !== null);
  const matching = given.filter((name) => name === wanted).length;
  if (matching === given.length) return yes(`the class is ${wanted}`);
  return matching > 0
    ? unknown(`annotation and spec.ingressClassName name different classes: ${given.join(', ')}`)
    : no(`the class is "${given.join('", "')}", this controller takes "${wanted}"`);
}

export const kong: Controller = {
  type: 'kong',
  title: 'Kong Ingress Controller',
  note: 'The gateway pods that carry the traffic differ from the controller pods.\nClasses are matched by name.',
  answers: () => ({
    serviceMissing: null,
    noEndpoints: 503,
    portMissing: null,
    noRoute: null,
    tlsFallback: 'unknown',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
