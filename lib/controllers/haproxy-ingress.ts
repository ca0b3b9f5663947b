/** jcmoraisjr/haproxy-ingress: SEMANTICS 2.4 and 3; k8scache IsValidIngress, pkg/controller/config/options.go. */
import type { Workload } from '@/lib/kube/objects';
import {
  allOf,
  byAnnotation,
  byController,
  classAnnotation,
  inScope,
  isUnreadable,
  no,
  unknown,
  yes,
} from './acceptance';
import { readBoolean } from './arguments';
import { findEvidence } from './evidence';
import { imageVersion, majorMinor } from './image';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

const VALUE = 'haproxy-ingress.github.io/controller';
const PRECEDENCE = 'ingress-class-precedence';

const SIGNATURE = {
  images: ['jcmoraisjr/haproxy-ingress'],
  bases: ['haproxy-ingress'],
  programs: ['haproxy-ingress-controller', 'haproxy-ingress'],
  flags: ['full-controller-name', PRECEDENCE, 'disable-ingress-class-api', 'reload-strategy'],
  labels: [['app.kubernetes.io/name', 'haproxy-ingress']],
} as const;

function controllerValues(flags: FlagReader): string[] {
  const full = flags.text('full-controller-name');
  if (flags.unreadable.includes('full-controller-name')) return [];
  if (full !== '') return [full];
  const path = flags.text('controller-class');
  if (flags.unreadable.includes('controller-class')) return [];
  return [path === '' ? VALUE : `${VALUE}/${path.replace(/^\//, '')}`];
}

/** Before 0.12 class-less Ingresses were taken by default [N]: unknown there. */
function takesWithoutClass(flags: FlagReader, image: string): boolean | 'unknown' {
  const version = majorMinor(imageVersion(image));
  if (version && version[0] === 0 && version[1] < 12) return 'unknown';
  return readBoolean(flags.args, 'watch-ingress-without-class', false);
}

function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  return recognised('haproxy-ingress', workload, found, {
    role: 'both',
    controllerValues: controllerValues(flags),
    ingressClass: flags.text('ingress-class', 'haproxy'),
    watchWithoutClass: takesWithoutClass(flags, found.container.image),
    ...watched(flags.namespaces('watch-namespace'), null),
    publishService: flags.service('publish-service', workload.namespace),
    servesIngress: readBoolean(found.args, 'watch-ingress', true),
    fieldFirst: readBoolean(found.args, PRECEDENCE, false),
    unreadable: flags.unreadable,
  });
}

/** The annotation wins, unless `--ingress-class-precedence` is set and the two disagree. */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass } = query;
  const annotation = classAnnotation(ingress);
  const field =
    ingress.className === null ? null : byController(ingress, ingressClass, instance.controllerValues);
  if (annotation !== null) {
    if (isUnreadable(query, 'ingress-class')) return unknown('--ingress-class cannot be read');
    const own = byAnnotation(annotation, instance.ingressClass);
    if (field === null || instance.fieldFirst === false || field.accepts === own.accepts) return own;
    return instance.fieldFirst === true
      ? field
      : unknown(`annotation and field disagree, and --${PRECEDENCE} cannot be read`);
  }
  if (field) return field;
  if (instance.watchWithoutClass === 'unknown')
    return unknown('whether it takes Ingresses without class cannot be read');
  return instance.watchWithoutClass
    ? yes('it takes Ingresses without class (--watch-ingress-without-class)')
    : no('the Ingress names no class and --watch-ingress-without-class is not set');
}

export const haproxyIngress: Controller = {
  type: 'haproxy-ingress',
  title: 'HAProxy Ingress',
  note: 'ImplementationSpecific paths match by their beginning, whatever their case.\nAn unknown path of a host falls back to wildcard hosts unless strict-host is true.',
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
