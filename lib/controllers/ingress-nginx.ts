/**
 * kubernetes/ingress-nginx: SEMANTICS 2.1 and 3; flags of pkg/flags/flags.go, selection of
 * internal/ingress/controller/store/store.go (GetIngressClass, hasCatchAllIngressRule), controller v1.15.1.
 */
import type { Ingress, Workload } from '@/lib/kube/objects';
import { allOf, byAnnotation, byController, classAnnotation, inScope, no, unknown, yes } from './acceptance';
import { readBoolean } from './arguments';
import { type Evidence, findEvidence } from './evidence';
import { imageEndsWith, imageVersion, majorMinor } from './image';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, ClassSelection, Controller, NamedClass } from './types';

const SIGNATURE = {
  images: [
    'ingress-nginx/controller',
    'ingress-nginx/controller-chroot',
    'kubernetes-ingress-controller/nginx-ingress-controller',
  ],
  bases: ['nginx-ingress-controller', 'ingress-nginx-controller', 'ingress-nginx'],
  programs: ['nginx-ingress-controller'],
  flags: ['controller-class', 'validating-webhook', 'watch-ingress-without-class'],
  labels: [
    ['app.kubernetes.io/name', 'ingress-nginx'],
    ['app', 'ingress-nginx'],
  ],
} as const;

/** This repository path was left behind with 0.33: whatever lies there is older than 1.0. */
const OLD_PATHS = [
  'kubernetes-ingress-controller/nginx-ingress-controller',
  'google_containers/nginx-ingress-controller',
];

function predatesV1(image: string): boolean {
  const version = majorMinor(imageVersion(image));
  return version ? version[0] < 1 : OLD_PATHS.some((path) => imageEndsWith(image, path));
}

/** haproxy-ingress was forked from it and keeps `--controller-class`: not ours without a program or image of its own. */
function isOurs({ evidence }: Evidence): boolean {
  return !evidence.every((line) => line.startsWith('argument '));
}

function recognise(workload: Workload) {
  const found = findEvidence(workload, SIGNATURE);
  if (!found || !isOurs(found)) return null;
  const flags = new FlagReader(found.args);
  const old = predatesV1(found.container.image);
  const controllerClass = flags.text('controller-class', 'k8s.io/ingress-nginx');
  return recognised('ingress-nginx', workload, found, {
    role: 'both',
    retired: true,
    predatesV1: old,
    controllerValues: controllerClass === '' ? [] : [controllerClass],
    ingressClass: flags.text('ingress-class', 'nginx'),
    watchWithoutClass: old || readBoolean(found.args, 'watch-ingress-without-class', false),
    classByName: readBoolean(found.args, 'ingress-class-by-name', false) === true,
    ...watched(flags.namespaces('watch-namespace'), flags.selector('watch-namespace-selector')),
    disableCatchAll: readBoolean(found.args, 'disable-catch-all', false),
    publishService: flags.service('publish-service', workload.namespace),
    unreadable: flags.unreadable,
  });
}

/**
 * Field beats annotation, annotation beats `--watch-ingress-without-class` (SEMANTICS 2.1, selection 1 to 3).
 * Traefik's ingress-nginx provider follows the same rule (SEMANTICS 2.3).
 */
export function nginxClassRule(
  selection: ClassSelection,
  unreadable: readonly string[],
  ingress: Ingress,
  ingressClass: NamedClass,
): Acceptance {
  if (ingress.className !== null) {
    const named =
      selection.classByName && selection.ingressClass !== '' && ingress.className === selection.ingressClass;
    if (named && ingressClass !== 'missing' && ingressClass !== 'unknown' && ingressClass !== null) {
      return yes(`IngressClass ${ingress.className} is taken by name (--ingress-class-by-name)`);
    }
    return byController(ingress, ingressClass, selection.controllerValues);
  }
  const annotation = classAnnotation(ingress);
  if (annotation !== null) {
    if (unreadable.includes('ingress-class')) return unknown('--ingress-class cannot be read');
    return byAnnotation(annotation, selection.ingressClass);
  }
  if (selection.watchWithoutClass === 'unknown')
    return unknown('--watch-ingress-without-class cannot be read');
  return selection.watchWithoutClass
    ? yes('it takes Ingresses without class (--watch-ingress-without-class)')
    : no('the Ingress names no class and --watch-ingress-without-class is not set');
}

/**
 * store.go drops an Ingress with `defaultBackend`; before it looked at rules it dropped only those without rules.
 * SEMANTICS 2.1 says "no-host Ingresses", which the source read does not show: unknown for hostless rules.
 */
function catchAll(query: AcceptanceQuery): Acceptance {
  const { instance, ingress } = query;
  const hostless = ingress.rules.length > 0 && ingress.rules.every(({ host }) => host === '');
  if (ingress.defaultBackend === null && !hostless) return yes('it is no catch-all Ingress');
  if (instance.disableCatchAll === false) return yes('catch-all Ingresses are allowed');
  if (instance.disableCatchAll === 'unknown') return unknown('--disable-catch-all cannot be read');
  if (ingress.defaultBackend !== null) return no('--disable-catch-all drops Ingresses with a defaultBackend');
  return unknown('--disable-catch-all is set and no rule has a host');
}

function accept(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass, namespace } = query;
  if (instance.predatesV1) {
    const version = instance.version === '' ? 'before 1.0' : instance.version;
    return no(`ingress-nginx ${version} knows no networking.k8s.io/v1: it serves none of these Ingresses`);
  }
  return allOf(
    nginxClassRule(instance, instance.unreadable, ingress, ingressClass),
    inScope(instance, ingress, namespace),
    catchAll(query),
  );
}

export const ingressNginx: Controller = {
  type: 'ingress-nginx',
  title: 'ingress-nginx',
  note: 'Retired: its README says that best-effort maintenance ended in March 2026.\nExisting deployments keep working, without further releases or security fixes.',
  answers: () => ({
    serviceMissing: 503,
    noEndpoints: 503,
    portMissing: 503,
    noRoute: 404,
    tlsFallback: 'default-certificate',
    endpointsUse: 'ready',
    portByTargetPort: true,
    autoRedirect: 308,
    dropsRoute: false,
  }),
  recognise,
  accept,
};
