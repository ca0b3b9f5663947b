/**
 * Traefik: SEMANTICS 2.3 and 3; pkg/provider/kubernetes/ingress (shouldProcessIngress) and
 * pkg/provider/kubernetes/ingress-nginx/kubernetes.go, v3.7.
 */
import type { Workload } from '@/lib/kube/objects';
import { allOf, byController, classAnnotation, inScope, isUnreadable, no, unknown, yes } from './acceptance';
import { type Arguments, hasFlag, readBoolean } from './arguments';
import { type Evidence, findEvidence } from './evidence';
import { nginxClassRule } from './ingress-nginx';
import { FlagReader, recognised, watched } from './recognised';
import type { Acceptance, AcceptanceQuery, Controller, RecognisedWorkload } from './types';

const VALUE = 'traefik.io/ingress-controller';
const INGRESS = 'providers.kubernetesingress';
const NGINX = 'providers.kubernetesingressnginx';
const CONFIG = 'configuration file';

const SIGNATURE = {
  images: ['traefik', 'traefik/traefik-hub', 'traefik-hub'],
  programs: ['traefik'],
  flags: [
    INGRESS,
    NGINX,
    'providers.kubernetescrd',
    'providers.kubernetesgateway',
    `${INGRESS}.ingressclass`,
  ],
  labels: [
    ['app.kubernetes.io/name', 'traefik'],
    ['app', 'traefik'],
  ],
} as const;

function names(args: Arguments): string[] {
  return [...args.flags.keys()];
}

/** A provider is on when its flag, or any of its options, is given. */
function providerIsOn(args: Arguments, provider: string): boolean {
  if (hasFlag(args, provider)) return readBoolean(args, provider, false) !== false;
  return names(args).some((name) => name.startsWith(`${provider}.`));
}

/** Static configuration comes from a file, or from flags, or from the environment: never from two of them (docs, static configuration). */
function configuredBy({ args, container }: Evidence): 'flags' | 'elsewhere' {
  if (hasFlag(args, 'configfile')) return 'elsewhere';
  if (Object.keys(container.env).some((name) => name.startsWith('TRAEFIK_PROVIDERS_'))) return 'elsewhere';
  return names(args).some((name) => name.startsWith('providers.') || name.startsWith('entrypoints.'))
    ? 'flags'
    : 'elsewhere';
}

function nginxProvider(flags: FlagReader): RecognisedWorkload['nginxProvider'] {
  if (!providerIsOn(flags.args, NGINX)) return null;
  const controllerClass = flags.text(`${NGINX}.controllerclass`, 'k8s.io/ingress-nginx');
  return {
    controllerValues: controllerClass === '' ? [] : [controllerClass],
    ingressClass: flags.text(`${NGINX}.ingressclass`, 'nginx'),
    watchWithoutClass: readBoolean(flags.args, `${NGINX}.watchingresswithoutclass`, false),
    classByName: readBoolean(flags.args, `${NGINX}.ingressclassbyname`, false) === true,
    ...watched(
      flags.namespaces(`${NGINX}.watchnamespace`),
      flags.selector(`${NGINX}.watchnamespaceselector`),
    ),
    ignoredNamespaces: [],
    ingressSelector: null,
  };
}

function recognise(workload: Workload): RecognisedWorkload | null {
  const found = findEvidence(workload, SIGNATURE);
  if (!found) return null;
  const flags = new FlagReader(found.args);
  if (configuredBy(found) === 'elsewhere') {
    return recognised('traefik', workload, found, {
      role: 'both',
      controllerValues: [VALUE],
      watchNamespaces: 'unknown',
      servesIngress: 'unknown',
      unreadable: [CONFIG],
    });
  }
  // A proxy with only files or other providers behind it is an application.
  if (!names(found.args).some((name) => name.startsWith('providers.kubernetes'))) return null;
  const on = providerIsOn(found.args, INGRESS);
  const nginx = nginxProvider(flags);
  const ingressClass = flags.text(`${INGRESS}.ingressclass`);
  return recognised('traefik', workload, found, {
    role: 'both',
    controllerValues: [...(on ? [VALUE] : []), ...(nginx?.controllerValues ?? [])],
    ingressClass,
    watchWithoutClass: flags.unreadable.includes(`${INGRESS}.ingressclass`)
      ? 'unknown'
      : on && ingressClass === '',
    watchNamespaces: flags.namespaces(`${INGRESS}.namespaces`),
    ingressSelector: flags.selector(`${INGRESS}.labelselector`),
    publishService: flags.service(`${INGRESS}.ingressendpoint.publishedservice`, workload.namespace),
    servesIngress: on || nginx !== null,
    allowEmptyServices: readBoolean(found.args, `${INGRESS}.allowemptyservices`, false),
    nginxProvider: nginx,
    unreadable: flags.unreadable,
  });
}

/** Field: the IngressClass must be Traefik's, and of the configured name; else the annotation (SEMANTICS 2.3, Class). */
function classRule(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass } = query;
  if (isUnreadable(query, `${INGRESS}.ingressclass`))
    return unknown(`--${INGRESS}.ingressclass cannot be read`);
  const wanted = instance.ingressClass;
  if (ingress.className !== null) {
    const owner = byController(ingress, ingressClass, [VALUE]);
    if (owner.accepts === 'yes' && wanted !== '' && ingress.className !== wanted) {
      return no(`it takes only IngressClass ${wanted} (--${INGRESS}.ingressclass)`);
    }
    return owner;
  }
  const annotation = classAnnotation(ingress) ?? '';
  if (wanted === '') {
    return annotation === '' || annotation === 'traefik'
      ? yes(
          annotation === ''
            ? 'it takes Ingresses without class'
            : 'annotation kubernetes.io/ingress.class is traefik',
        )
      : no(
          `annotation kubernetes.io/ingress.class is "${annotation}", this controller takes "traefik" or none`,
        );
  }
  return annotation === wanted
    ? yes(`annotation kubernetes.io/ingress.class is ${wanted}`)
    : no(`it takes only Ingresses of class ${wanted} (--${INGRESS}.ingressclass)`);
}

function accept(query: AcceptanceQuery): Acceptance {
  const { instance, ingress, ingressClass, namespace } = query;
  if (isUnreadable(query, CONFIG)) {
    const foreign = byController(ingress, ingressClass, [VALUE, 'k8s.io/ingress-nginx']);
    return ingress.className !== null && foreign.accepts === 'no'
      ? foreign
      : unknown('its configuration file cannot be read');
  }
  const tried: Acceptance[] = [];
  if (instance.controllerValues.includes(VALUE)) {
    tried.push(allOf(classRule(query), inScope(instance, ingress, namespace)));
  }
  const nginx = instance.nginxProvider;
  if (nginx) {
    const unreadable = isUnreadable(query, `${NGINX}.ingressclass`) ? ['ingress-class'] : [];
    tried.push(
      allOf(nginxClassRule(nginx, unreadable, ingress, ingressClass), inScope(nginx, ingress, namespace)),
    );
  }
  return (
    tried.find(({ accepts }) => accepts === 'yes') ??
    tried.find(({ accepts }) => accepts === 'unknown') ??
    tried[0] ??
    no(`its provider for Ingresses is not switched on (--${INGRESS})`)
  );
}

/** The binary drops routes to empty Services, its Helm chart sets allowEmptyServices since 31.0.0 (SEMANTICS 2.3). */
function emptyService(instance: RecognisedWorkload | undefined): number | null {
  if (!instance || instance.allowEmptyServices === 'unknown') return null;
  return instance.allowEmptyServices ? 503 : 404;
}

export const traefik: Controller = {
  type: 'traefik',
  title: 'Traefik',
  note: 'The longest rule text wins, so a prefix beats an exact path of the same length.\nIts ingress-nginx provider also claims k8s.io/ingress-nginx.',
  answers: (instance) => ({
    serviceMissing: 404,
    noEndpoints: emptyService(instance),
    portMissing: 404,
    noRoute: 404,
    tlsFallback: 'default-certificate',
    endpointsUse: 'serving',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: true,
  }),
  recognise,
  accept,
};
