/** Contour and its Envoys: SEMANTICS 2.5 and 3; internal/ingressclass/ingressclass.go, examples/contour. */
import type { Workload } from '@/lib/kube/objects';
import { allOf, classAnnotation, inScope, isUnreadable, no, unknown, yes } from './acceptance';
import { hasFlag } from './arguments';
import { type Evidence, findEvidence } from './evidence';
import { parseImage } from './image';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller, RecognisedWorkload } from './types';

const DEFAULT_CLASS = 'contour';

const SIGNATURE = {
  images: ['projectcontour/contour', 'bitnami/contour'],
  bases: ['contour'],
  programs: ['contour'],
  flags: ['contour-cafile', 'xds-address', 'contour-config-name', 'envoy-service-name'],
} as const;

const ENVOY = { images: ['envoyproxy/envoy', 'bitnami/envoy'] } as const;

/** One image, many subcommands: `serve` is the control plane, `envoy` and `bootstrap` stand beside an Envoy. */
function roleOf(found: Evidence, workload: Workload): 'control' | 'data' | null {
  if (found.args.words.includes('serve')) return 'control';
  const beside = found.args.words.some((word) => word === 'envoy' || word === 'bootstrap');
  const envoy = workload.containers.some(({ image }) => parseImage(image).base.startsWith('envoy'));
  return beside && envoy ? 'data' : null;
}

/** Bitnami's chart has Envoy alone with these labels; an Envoy without them is somebody's sidecar. */
function labelledEnvoy(workload: Workload): Evidence | null {
  const { templateLabels: labels } = workload;
  if (labels['app.kubernetes.io/component'] !== 'envoy' || labels['app.kubernetes.io/name'] !== 'contour')
    return null;
  const found = findEvidence(workload, ENVOY);
  return (
    found && {
      ...found,
      confidence: 'likely',
      evidence: [...found.evidence, 'label app.kubernetes.io/component=envoy'],
    }
  );
}

function recognise(workload: Workload): RecognisedWorkload | null {
  const found = findEvidence(workload, SIGNATURE);
  const role = found && roleOf(found, workload);
  const envoy = role ? null : labelledEnvoy(workload);
  if (envoy) return recognised('contour', workload, envoy, { role: 'data', version: '' });
  if (!found || !role) return null;
  if (role === 'data') return recognised('contour', workload, found, { role });
  const flags = new FlagReader(found.args);
  const given = flags.text('ingress-class-name');
  if (hasFlag(found.args, 'contour-config-name')) flags.unreadable.push('contour-config-name');
  return recognised('contour', workload, found, {
    role,
    ingressClass: given === '' ? DEFAULT_CLASS : given,
    watchWithoutClass: flags.unreadable.length > 0 ? 'unknown' : given === '',
    classByName: true,
    ...watched(flags.namespaces('watch-namespaces'), null),
    publishService: publishedEnvoy(flags, workload),
    unreadable: flags.unreadable,
  });
}

/** Status comes from `--envoy-service-name` (default `envoy`) unless `--ingress-status-address` says otherwise. */
function publishedEnvoy(flags: FlagReader, workload: Workload): string | null {
  if (hasFlag(flags.args, 'ingress-status-address')) return null;
  const name = flags.text('envoy-service-name', 'envoy');
  const namespace = flags.text('envoy-service-namespace', workload.namespace);
  return name === '' || namespace === '' ? null : `${namespace}/${name}`;
}

/** By name only: annotation beats field, `--ingress-class-name` may list several, and the IngressClass need not exist. */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress } = query;
  if (isUnreadable(query, 'ingress-class-name', 'contour-config-name')) {
    return unknown('its class is set where it cannot be read (ContourConfiguration)');
  }
  const wanted = instance.ingressClass.split(',').map((name) => name.trim());
  const given = classAnnotation(ingress) || (ingress.className ?? '');
  const where = classAnnotation(ingress) ? 'annotation kubernetes.io/ingress.class' : 'spec.ingressClassName';
  if (given === '') {
    return instance.watchWithoutClass === true
      ? yes('it takes Ingresses without class')
      : no('the Ingress names no class and --ingress-class-name is set');
  }
  return wanted.includes(given)
    ? yes(`${where} is ${given}`)
    : no(`${where} is "${given}", this controller takes "${wanted.join('", "')}"`);
}

export const contour: Controller = {
  type: 'contour',
  title: 'Contour',
  note: 'Classes are matched by name alone; spec.controller is not looked at.\nA host without a valid Secret has no TLS virtual host at all.',
  answers: () => ({
    serviceMissing: 404,
    noEndpoints: null,
    portMissing: 404,
    noRoute: 404,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: true,
  }),
  recognise,
  accept: (query) => allOf(classRule(query), inScope(query.instance, query.ingress, query.namespace)),
};
