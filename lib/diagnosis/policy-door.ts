/** Whether policies let users in to a controller's own pods: what stands behind its exposed Services. */
import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from '@/lib/topology/controllers';
import { isExposed } from '@/lib/topology/entries';
import { exposure } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import { admits, type PolicyVerdict } from '@/lib/topology/network-policy/verdict';
import { assumedEnds, backendEnds, type EndGroup, namespacePolicies } from '@/lib/topology/policy-ends';
import { known, object } from '@/lib/topology/reads';
import type { Blocked, Closed } from './policy-reach';

/** Somebody outside: a user, a load balancer or a node, whose address is not known. */
export const OUTSIDE: EndGroup = {
  end: { kind: 'address', ip: null },
  name: 'somebody outside',
  count: 1,
  port: null,
};

export interface ClosedPort {
  readonly service: string;
  /** Number of the Service's port, and its protocol. */
  readonly port: number;
  readonly protocol: string;
  readonly closed: Closed;
}

export interface Door {
  /** Ports of exposed Services that pods stand behind. */
  readonly ports: number;
  readonly closed: readonly ClosedPort[];
  /** False: pods cannot be read, and what is said of them is assumed from the Service. */
  readonly seen: boolean;
}

const OPEN: Door = { ports: 0, closed: [], seen: true };

/** The ways in to the controller with this id. Nothing is closed where that cannot be told. */
export const controllerDoor: Query<Door> = {
  name: 'controller-door',
  level: 5,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    if (!controller || !known(read, 'networkpolicies').known || isCloud(controller)) return OPEN;
    const isolated = controller.dataPlane.some(({ namespace }) =>
      read.query(namespacePolicies, namespace).some((policy) => policy.isolatesIngress),
    );
    if (!isolated) return OPEN;
    const judged = read.query(exposure, id).services.flatMap((key) => portsOf(read, key));
    const { known: seen } = known(read, 'pods');
    return { ports: judged.length, closed: judged.flatMap((one) => one ?? []), seen };
  },
};

/** Each port of an exposed Service that pods stand behind; null where it is open. */
function portsOf(read: Reader, key: string): readonly (ClosedPort | null)[] {
  const service = object(read, 'services', key);
  if (!service || !isExposed(service)) return [];
  const policies = read.query(namespacePolicies, service.namespace);
  return service.ports.flatMap(({ name, port, protocol }) => {
    const ends = endsOf(read, key, name);
    if (ends.length === 0) return [];
    const shut = ends.map((to) =>
      shutTo(to, admits(policies, OUTSIDE.end, { to: to.end, port: to.port, protocol })),
    );
    const first = shut.every((one) => one !== null) ? shut[0] : undefined;
    return [first ? { service: key, port, protocol, closed: first } : null];
  });
}

/** The pods behind a port: as they are, or as the Service wants them where they cannot be read. */
export function endsOf(read: Reader, service: string, portName: string): readonly EndGroup[] {
  const look = known(read, 'pods').known ? backendEnds : assumedEnds;
  return look(read, service, { name: portName });
}

function shutTo(to: EndGroup, verdict: PolicyVerdict): Closed | null {
  return verdict.state === 'blocked' && !letsAnyNamespace(verdict) ? { verdict, from: OUTSIDE, to } : null;
}

/** Some load balancers are pods themselves (k3s ServiceLB): a rule for every namespace may mean them. */
function letsAnyNamespace({ rules, direction }: Blocked): boolean {
  return rules.some(
    ({ policy, rule, ports }) =>
      ports &&
      policy[direction][rule]?.peers.some(
        ({ namespaceSelector: all, podSelector }) =>
          all &&
          !podSelector &&
          Object.keys(all.matchLabels).length === 0 &&
          all.matchExpressions.length === 0,
      ),
  );
}
