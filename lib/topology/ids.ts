/** Ids of nodes and edges: opaque to clients, stable across restarts, safe for any name (CONTRACT "Ids"). */
import type { EdgeKind } from './model';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const UNSAFE = /[/,>~:%\u0000-\u001f\u007f]/g;

/** Percent-encodes `/ , > ~ : %` and control characters of one id segment. */
export function segment(text: string): string {
  return text.replace(UNSAFE, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Joins by `join`, which makes a flat string: `+` and templates keep their parts alive beside the result, 100,000 times. */
function flat(...parts: readonly string[]): string {
  return parts.join('');
}

function id(prefix: string, ...parts: readonly string[]): string {
  return flat(prefix, parts.map(segment).join('/'));
}

export const hostId = (name: string): string => (name === '' ? 'host:*' : id('host:', name));
export const serviceLoadBalancerId = (ns: string, name: string): string =>
  id('loadbalancer:service/', ns, name);
export const ingressLoadBalancerId = (ns: string, name: string): string =>
  id('loadbalancer:ingress/', ns, name);
export const nodesLoadBalancerId = (ns: string, workload: string): string =>
  id('loadbalancer:nodes/', ns, workload);
export const nodePortLoadBalancerId = (ns: string, name: string): string =>
  id('loadbalancer:nodeport/', ns, name);
export const addressId = (address: string): string => id('address:', address);
export const workloadControllerId = (kind: string, ns: string, name: string): string =>
  id('controller:workload/', kind, ns, name);
export const externalControllerId = (value: string, instance: string): string =>
  id('controller:external/', value, instance);
export const classControllerId = (name: string): string => id('controller:class/', name);
export const NO_CONTROLLER_ID = 'controller:none';
export const serviceId = (ns: string, name: string): string => id('service:', ns, name);
export const podId = (ns: string, name: string): string => id('pod:', ns, name);
export const endpointId = (ns: string, service: string, address: string): string =>
  id('endpoint:', ns, service, address);
export const externalId = (name: string): string => id('external:', name);
export const secretId = (ns: string, name: string): string => id('secret:', ns, name);
export const classId = (name: string): string => id('class:', name);
export const groupId = (...parts: string[]): string => id('group:', ...parts);

/** Id of a rule. `nth` counts equal (host, type, path) tuples of one Ingress from the second on (2, 3, …). */
export function ruleId(
  ns: string,
  name: string,
  host: string,
  pathType: string,
  rulePath: string,
  nth = 1,
): string {
  const base = id('rule:Ingress.networking.k8s.io/', ns, name, host === '' ? '*' : host, pathType, rulePath);
  return nth > 1 ? flat(base, '~', String(nth)) : base;
}

/** Id of the rule that stands for an Ingress' defaultBackend. */
export function defaultRuleId(ns: string, name: string): string {
  return flat(id('rule:Ingress.networking.k8s.io/', ns, name), '/~default');
}

/** Id of an edge. Source and target are ids, whose own `>` are escaped already. */
export function edgeId(kind: EdgeKind, source: string, target: string, port?: number | string): string {
  return port === undefined
    ? flat(kind, ':', source, '>', target)
    : flat(kind, ':', source, '>', target, ':', segment(String(port)));
}
