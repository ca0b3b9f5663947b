/** Ids of nodes and edges: opaque to clients, stable across restarts, safe for any name (CONTRACT "Ids"). */
import type { EdgeKind } from './model';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const UNSAFE = /[/,>~:%\u0000-\u001f\u007f]/g;

/** Percent-encodes `/ , > ~ : %` and control characters of one id segment. */
export function segment(text: string): string {
  return text.replace(UNSAFE, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function path(...parts: string[]): string {
  return parts.map(segment).join('/');
}

export const hostId = (name: string): string => `host:${name === '' ? '*' : segment(name)}`;
export const serviceLoadBalancerId = (ns: string, name: string): string =>
  `loadbalancer:service/${path(ns, name)}`;
export const ingressLoadBalancerId = (ns: string, name: string): string =>
  `loadbalancer:ingress/${path(ns, name)}`;
export const nodesLoadBalancerId = (ns: string, workload: string): string =>
  `loadbalancer:nodes/${path(ns, workload)}`;
export const nodePortLoadBalancerId = (ns: string, name: string): string =>
  `loadbalancer:nodeport/${path(ns, name)}`;
export const addressId = (address: string): string => `address:${segment(address)}`;
export const workloadControllerId = (kind: string, ns: string, name: string): string =>
  `controller:workload/${path(kind, ns, name)}`;
export const externalControllerId = (value: string, instance: string): string =>
  `controller:external/${path(value, instance)}`;
export const classControllerId = (name: string): string => `controller:class/${segment(name)}`;
export const NO_CONTROLLER_ID = 'controller:none';
export const serviceId = (ns: string, name: string): string => `service:${path(ns, name)}`;
export const podId = (ns: string, name: string): string => `pod:${path(ns, name)}`;
export const endpointId = (ns: string, service: string, address: string): string =>
  `endpoint:${path(ns, service, address)}`;
export const externalId = (name: string): string => `external:${segment(name)}`;
export const secretId = (ns: string, name: string): string => `secret:${path(ns, name)}`;
export const classId = (name: string): string => `class:${segment(name)}`;
export const groupId = (...parts: string[]): string => `group:${path(...parts)}`;

/** Id of a rule. `nth` counts equal (host, type, path) tuples of one Ingress from the second on (2, 3, …). */
export function ruleId(
  ns: string,
  name: string,
  host: string,
  pathType: string,
  rulePath: string,
  nth = 1,
): string {
  const base = `rule:Ingress.networking.k8s.io/${path(ns, name, host === '' ? '*' : host, pathType, rulePath)}`;
  return nth > 1 ? `${base}~${nth}` : base;
}

/** Id of the rule that stands for an Ingress' defaultBackend. */
export function defaultRuleId(ns: string, name: string): string {
  return `rule:Ingress.networking.k8s.io/${path(ns, name)}/~default`;
}

/** Id of an edge. Source and target are ids, whose own `>` are escaped already. */
export function edgeId(kind: EdgeKind, source: string, target: string, port?: number | string): string {
  return port === undefined
    ? `${kind}:${source}>${target}`
    : `${kind}:${source}>${target}:${segment(String(port))}`;
}
