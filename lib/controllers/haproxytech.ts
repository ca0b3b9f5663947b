/** haproxytech/kubernetes-ingress: SEMANTICS 2.4 and 3; pkg/ingress/ingress.go Supported, pkg/utils/flags.go. */
import type { Ingress, Workload } from '@/lib/kube/objects';
import {
  allOf,
  classAnnotation,
  defaultClassBelongsTo,
  inScope,
  isUnreadable,
  no,
  unknown,
  yes,
} from './acceptance';
import { readAll, readBoolean } from './arguments';
import { findEvidence } from './evidence';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

const VALUE = 'haproxy.org/ingress-controller';
const ANNOTATIONS = [
  'haproxy.org/ingress.class',
  'haproxy.com/ingress.class',
  'ingress.kubernetes.io/ingress.class',
];

const SIGNATURE = {
  images: ['haproxytech/kubernetes-ingress'],
  flags: [
    'ingress.class',
    'empty-ingress-class',
    'namespace-whitelist',
    'configmap-tcp-services',
    'localpeer-port',
  ],
  labels: [['app.kubernetes.io/name', 'kubernetes-ingress']],
} as const;

function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  const list = (name: string) =>
    readAll(found.args, name)
      .flatMap((reading) => flags.note(name, reading).split(','))
      .filter((value) => value !== '');
  const only = list('namespace-whitelist');
  const ingressClass = flags.text('ingress.class');
  const unreadableClass = flags.unreadable.includes('ingress.class');
  const emptyClass = readBoolean(found.args, 'empty-ingress-class', false);
  return recognised('haproxytech', workload, found, {
    role: 'both',
    controllerValues: unreadableClass ? [] : [ingressClass === '' ? VALUE : `${VALUE}/${ingressClass}`],
    ingressClass,
    watchWithoutClass: unreadableClass ? 'unknown' : ingressClass === '' || emptyClass,
    ...(flags.unreadable.includes('namespace-whitelist')
      ? { watchNamespaces: 'unknown' as const }
      : watched(
          only.length > 0 ? only : null,
          only.length > 0 ? null : flags.selector('namespace-label-selector'),
        )),
    ignoredNamespaces: only.length > 0 ? [] : list('namespace-blacklist'),
    publishService: flags.service('publish-service', workload.namespace),
    unreadable: flags.unreadable,
  });
}

function annotationOf(ingress: Ingress): string {
  const own = ANNOTATIONS.map((name) => ingress.annotations[name]).find(
    (value) => value !== undefined && value !== '',
  );
  return own ?? classAnnotation(ingress) ?? '';
}

/** Without class: taken unless the default class is somebody else's; with `--ingress.class` only on `--empty-ingress-class`. */
function withoutClass(query: AcceptanceQuery): Acceptance {
  const { instance, context } = query;
  const ours = defaultClassBelongsTo(query, instance.controllerValues);
  if (ours === true) return yes('the default IngressClass is its own');
  if (instance.watchWithoutClass === 'unknown') return unknown('--empty-ingress-class cannot be read');
  if (!instance.watchWithoutClass) {
    return ours === 'unknown'
      ? unknown('the default IngressClass cannot be read')
      : no('the Ingress names no class and --empty-ingress-class is not set');
  }
  if (instance.ingressClass !== '') return yes('it takes Ingresses without class (--empty-ingress-class)');
  if (!context.classes) return unknown('the default IngressClass cannot be read');
  const other = context.classes.find(({ isDefault }) => isDefault);
  return other
    ? no(`the default IngressClass ${other.name} belongs to ${other.controller}`)
    : yes('it takes Ingresses without class');
}

function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass } = query;
  if (isUnreadable(query, 'ingress.class')) return unknown('--ingress.class cannot be read');
  const annotation = annotationOf(ingress);
  if (annotation !== '') {
    return annotation === instance.ingressClass
      ? yes(`the class annotation is ${annotation}`)
      : no(`the class annotation is "${annotation}", this controller takes "${instance.ingressClass}"`);
  }
  if (ingress.className === null) return withoutClass(query);
  if (ingressClass === 'missing') return no(`IngressClass ${ingress.className} does not exist`);
  if (ingressClass === 'unknown' || ingressClass === null)
    return unknown(`IngressClass ${ingress.className} cannot be read`);
  return instance.controllerValues.includes(ingressClass.controller)
    ? yes(`IngressClass ${ingress.className} has spec.controller ${ingressClass.controller}`)
    : no(
        `IngressClass ${ingress.className} belongs to ${ingressClass.controller}, this controller claims ${instance.controllerValues.join(', ')}`,
      );
}

export const haproxytech: Controller = {
  type: 'haproxytech',
  title: 'HAProxy Kubernetes Ingress Controller',
  note: 'The host is chosen first: an unknown path never falls back to a wildcard host.\nAn Ingress with a defaultBackend sets the default of the whole controller.',
  answers: () => ({
    serviceMissing: 404,
    noEndpoints: 503,
    portMissing: null,
    noRoute: 404,
    tlsFallback: 'default-certificate',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: 302,
    dropsRoute: true,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
