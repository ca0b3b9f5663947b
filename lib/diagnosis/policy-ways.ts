/** The ways from the controllers of an Ingress to its backends, each judged by NetworkPolicies. */
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { isCloud } from '@/lib/topology/hosts';
import { object } from '@/lib/topology/reads';
import type { Rule } from '@/lib/topology/rules';
import { portOf } from './backend-judgement';
import type { IngressUnit } from './check';
import { controllerHealth } from './controller-health';
import { type Reach, readReach } from './policy-reach';
import { type PortHealth, serviceHealth } from './service-health';

/** One port of one Service that rules of the Ingress lead to. */
export interface Backend {
  readonly service: string;
  readonly port: PortHealth;
  readonly rules: readonly Rule[];
}

/** Several checks of one unit ask for the same: it is gathered once for a computation. */
const gathered = new WeakMap<IngressUnit, readonly Backend[]>();

/** The Service ports that an Ingress leads to, with the rules that lead there. */
export function backendsOf(read: Reader, unit: IngressUnit): readonly Backend[] {
  const before = gathered.get(unit);
  if (before) return before;
  const found = gather(read, unit);
  gathered.set(unit, found);
  return found;
}

function gather(read: Reader, { rules, controller }: IngressUnit): readonly Backend[] {
  const found = new Map<string, { service: string; port: PortHealth; rules: Rule[] }>();
  for (const rule of rules) {
    if (rule.service === null || rule.port === 'use-annotation') continue;
    const port = backendPort(read, rule, controller);
    if (!port) continue;
    const id = [rule.service, port.protocol, port.name].join(' ');
    const backend = found.get(id) ?? { service: rule.service, port, rules: [] };
    backend.rules.push(rule);
    found.set(id, backend);
  }
  return [...found.values()];
}

function backendPort(read: Reader, rule: Rule, controller: Controller | undefined): PortHealth | undefined {
  const health = read.query(serviceHealth, rule.service as string);
  const port = portOf(health, rule.port);
  if (port || controller?.type !== 'ingress-nginx') return port;
  // ingress-nginx takes a target port for the port that leads to it (CHECKS trap 7).
  return health.ports.find((candidate) => String(candidate.targetPort) === String(rule.port));
}

const carrying = new WeakMap<IngressUnit, readonly Controller[]>();

/** The controllers of the cluster whose pods carry an Ingress' traffic; spares that are switched off left out. */
export function carriers(read: Reader, unit: IngressUnit): readonly Controller[] {
  const before = carrying.get(unit);
  if (before) return before;
  const found = findCarriers(read, unit);
  carrying.set(unit, found);
  return found;
}

function findCarriers(read: Reader, { served }: IngressUnit): readonly Controller[] {
  const all = served.controllers.flatMap((id) => controllerById(read, id) ?? []);
  const inside = all.filter((controller) => controller.kind === 'workload' && !isCloud(controller));
  const atWork = inside.filter((controller) => !read.query(controllerHealth, controller.id).idle);
  return atWork.length > 0 ? atWork : inside;
}

/** A verdict over all who carry the traffic. */
export interface Way {
  readonly controller: Controller;
  readonly reach: Reach;
  /** Some of its controllers, or of its pods, get through. */
  readonly partial: boolean;
}

/** The worst of the ways to a backend; null where all are open. */
export function worstWay(read: Reader, controllers: readonly Controller[], backend: Backend): Way | null {
  const { service, port } = backend;
  const ways = controllers.map((controller) => ({
    controller,
    reach: readReach(read, {
      controller: controller.id,
      service,
      port: port.name,
      protocol: port.protocol,
    }),
  }));
  const closed = ways.find(({ reach }) => reach.closed !== null);
  if (closed) {
    const partial = ways.some(({ reach }) => reach.state !== 'blocked');
    return { ...closed, partial };
  }
  const doubtful = ways.find(({ reach }) => reach.state === 'unknown');
  return doubtful ? { ...doubtful, partial: false } : null;
}

/** Whether a Service is cert-manager's, made for one HTTP-01 challenge. */
export function isSolver(read: Reader, service: string): boolean {
  return object(read, 'services', service)?.labels['acme.cert-manager.io/http01-solver'] === 'true';
}
