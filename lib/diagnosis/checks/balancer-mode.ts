/** Services of a kind that the controller, or the way in which it reaches pods, cannot use. */
import { readBoolean, readText } from '@/lib/controllers/arguments';
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { CLOUD_HOLD_MS, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { object } from '@/lib/topology/reads';
import { argumentsOf, type BackendUse, backendUses, brokenTitle, idsOf } from './ingress-backends';

/** `service-headless-unsupported` and `service-type-unsupported-by-lb`. */
export const balancerMode: Check<IngressUnit> = {
  name: 'service-type-unsupported-by-lb',
  run: (read, unit) =>
    backendUses(read, unit).flatMap((use) => {
      const needs = needsOf(read, unit, use);
      if (!needs || use.service.type === 'ExternalName') return [];
      if (use.service.clusterIP === 'None') return [unfit(unit, use, 'service-headless-unsupported', needs)];
      return needs.ports && use.service.type === 'ClusterIP'
        ? [unfit(unit, use, 'service-type-unsupported-by-lb', needs)]
        : [];
    }),
};

interface Needs {
  /** Node ports; else a cluster address is enough. */
  readonly ports: boolean;
  /** False where it hangs on a flag that is not known: then whether the backend can be reached is not known either. */
  readonly sure: boolean;
  readonly why: string;
  readonly path: string;
  readonly value: string;
  readonly mend: string;
}

/** What a backend must have for this controller to reach it; null: nothing special, or not known. */
function needsOf(read: Reader, unit: IngressUnit, use: BackendUse): Needs | null {
  if (unit.controller?.type === 'aws-alb') return needsOfAlb(read, unit, use);
  if (unit.controller?.type === 'gce') return needsOfGce(use);
  return unit.controller?.type === 'traefik' ? needsOfTraefik(read, unit, use) : null;
}

const TARGET_TYPE = 'alb.ingress.kubernetes.io/target-type';
const DEFAULT_TARGET_TYPE = 'default-target-type';

/**
 * AWS Load Balancer Controller: the annotation of the Service wins over the Ingress'; IngressClassParams (not read) over both;
 * else `--default-target-type`, which is `instance` (its "Ingress annotations", "Controller configurations").
 */
function needsOfAlb(
  read: Reader,
  { ingress, controller }: IngressUnit,
  { service }: BackendUse,
): Needs | null {
  const named = object(read, 'ingressclasses', objectKey('', ingress.className ?? ''));
  if (named?.parameters) return null;
  const told = service.annotations[TARGET_TYPE] ?? ingress.annotations[TARGET_TYPE];
  // EKS Auto Mode has a controller value, and a default, of its own.
  const outside = controller?.kind === 'external' && named?.controller !== 'ingress.k8s.aws/alb';
  if (told === undefined && outside) return null;
  const type = told ?? defaultTargetType(read, controller);
  if (type !== 'instance' && type !== null) return null;
  return {
    ports: true,
    sure: type !== null,
    why:
      type === null
        ? `whether its targets are nodes, which takes node ports, is not known: --${DEFAULT_TARGET_TYPE} of the controller cannot be read`
        : 'its targets are nodes (target-type instance), which it reaches by node ports',
    path: told === undefined ? `--${DEFAULT_TARGET_TYPE}` : `metadata.annotations[${TARGET_TYPE}]`,
    value: type ?? 'not known',
    mend: `Set ${TARGET_TYPE}: ip, or make it a NodePort Service.`,
  };
}

function defaultTargetType(read: Reader, controller: IngressUnit['controller']): string | null {
  const args = controller ? argumentsOf(read, controller) : null;
  const flag = args && readText(args, DEFAULT_TARGET_TYPE);
  if (!flag || flag.state === 'unreadable') return null;
  return flag.state === 'set' ? flag.value : 'instance';
}

const NEG = 'cloud.google.com/neg';

/** GKE: without a network endpoint group it reaches pods by node ports ("Container-native load balancing"). */
function needsOfGce({ service }: BackendUse): Needs | null {
  if (service.annotations[`${NEG}-status`] !== undefined) return null;
  const told = service.annotations[NEG];
  // Anything that is said there may be a group for Ingress: only its absence, or a plain no, is certain.
  if (told !== undefined && !/"ingress"\s*:\s*false/.test(told)) return null;
  return {
    ports: true,
    sure: true,
    why: 'without a network endpoint group it reaches pods by node ports',
    path: `metadata.annotations[${NEG}]`,
    value: told ?? 'not there',
    mend: `Annotate the Service with ${NEG}: '{"ingress": true}', or make it a NodePort Service.`,
  };
}

const NATIVE = 'traefik.ingress.kubernetes.io/service.nativelb';

/** Traefik's nativeLB hands requests to the cluster address (SEMANTICS 2.3). */
function needsOfTraefik(read: Reader, { controller }: IngressUnit, { service }: BackendUse): Needs | null {
  const args = controller ? argumentsOf(read, controller) : null;
  if (!args || controller?.recognised?.nginxProvider) return null;
  const told = service.annotations[NATIVE];
  const on =
    told === undefined
      ? readBoolean(args, 'providers.kubernetesingress.nativelbbydefault', false) === true
      : told === 'true';
  return on
    ? {
        ports: false,
        sure: true,
        why: 'with nativeLB Traefik sends requests to the cluster address, and a headless Service has none',
        path: `metadata.annotations[${NATIVE}]`,
        value: told ?? 'nativeLBByDefault',
        mend: `Take ${NATIVE} off, or give the rule a Service with a cluster address.`,
      }
    : null;
}

function unfit(
  { ingress, controller }: IngressUnit,
  { service, rules }: BackendUse,
  code: string,
  needs: Needs,
): Found {
  const ref = serviceRef(service);
  const what = service.clusterIP === 'None' ? 'headless' : `of type ${service.type}`;
  return {
    rules: idsOf(rules),
    status: needs.sure ? 'broken' : 'unknown',
    at: 'route',
    draft: draft({
      code,
      severity: needs.sure ? 'broken' : 'warning',
      state: needs.sure ? 'open' : 'unknown',
      hop: 'service',
      subject: ref,
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      title: needs.sure
        ? brokenTitle(controller, rules, `Service ${service.name} cannot be reached`)
        : `Service ${service.name}: whether the load balancer can use it is not known`,
      detail: `Service ${service.name} is ${what}${needs.sure ? ', and the load balancer cannot use it' : ''}: ${needs.why}`,
      evidence: [
        evidence(
          ref,
          service.clusterIP === 'None' ? 'spec.clusterIP' : 'spec.type',
          service.clusterIP === 'None' ? 'None' : service.type,
        ),
        evidence(ref, needs.path, needs.value),
      ],
      fix: {
        summary: needs.mend,
        look: [
          sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
          sh`kubectl -n ${ingress.namespace} describe ingress ${ingress.name}`,
        ],
        managedBy: managedBy(service),
      },
      holdMs: CLOUD_HOLD_MS,
    }),
  };
}
