/** What a node's difference means: which object was changed, and in what. */
import type { TopologyNode } from '@/lib/topology/model';
import { differing, type Fields, nodeFields } from './fields';
import type { EventKind, FieldChange, FieldValue } from './model';
import { objects } from './readings';
import { isUnchanged } from './unchanged';

/** A part of an event: events of one object and kind are put together. */
export interface EventPart {
  readonly kind: EventKind;
  readonly object: string;
  readonly fields: readonly FieldChange[];
  /** The node by whose edits it is told who did it, before and after. */
  readonly before: TopologyNode | null;
  readonly after: TopologyNode | null;
}

type Told = Pick<EventPart, 'kind' | 'object' | 'fields'>;

/** What the change of a node tells; nothing where only its state has changed. */
export function partsOf(before: TopologyNode, after: TopologyNode): readonly EventPart[] {
  if (isUnchanged(before, after)) return [];
  return toldBy(before, after).map((told) => ({ ...told, before, after }));
}

function toldBy(before: TopologyNode, after: TopologyNode): readonly Told[] {
  const fields = differing(nodeFields(before), nodeFields(after));
  switch (after.kind) {
    case 'rule':
      return ofRule(before, after, fields);
    case 'service':
      return ofService(before, after, fields);
    case 'controller':
      return ofController(before, after, fields);
    case 'loadbalancer':
      return some('configuration', ownerOf(after, 'Load balancer'), fields, BALANCER);
    default:
      return [];
  }
}

const BALANCER = /^(addresses|ports)$/;
/** What is set in an Ingress, its certificate apart: what is answered and served follows from elsewhere too. */
const RULE = /^(host|path|pathType|service|port|class|tls\.secret|annotations\..*)$/;
const CERTIFICATE = /^tls\.(notAfter|names|issuer)$/;
const SERVICE = /^(type|ports\..*|selector\..*|externalName|exists)$/;

/** The Ingress of a rule. */
export function ingressOf({ namespace, detail }: TopologyNode): string {
  return `Ingress ${namespace}/${String(detail.ingress)}`;
}

function ofRule(before: TopologyNode, after: TopologyNode, fields: readonly FieldChange[]): readonly Told[] {
  const secret = fieldOf(nodeFields(after), 'tls.secret');
  const sameSecret = !fields.some(({ path }) => path === 'tls.secret');
  // A certificate that cannot be read now, or could not before, was not replaced.
  const certificate = fields.filter(
    ({ path, ...values }) => CERTIFICATE.test(path) && sameSecret && isKnown(values),
  );
  const own = fields.filter(({ path }) => RULE.test(path));
  const edited = own.length > 0 || isEdited(before, after, ingressOf(after));
  return [
    ...(edited ? [{ kind: 'configuration' as const, object: ingressOf(after), fields: own }] : []),
    ...(certificate.length > 0 && secret !== null
      ? some('configuration', `Secret ${after.namespace}/${secret}`, certificate, /./)
      : []),
  ];
}

function ofService(
  before: TopologyNode,
  after: TopologyNode,
  fields: readonly FieldChange[],
): readonly Told[] {
  return [
    ...some('configuration', `Service ${after.namespace}/${after.name}`, fields, SERVICE),
    ...workloadsOf(before, after).flatMap((name) => ofWorkload(after.namespace, name, before, after, fields)),
  ];
}

/** A workload may go because it is deleted or because its labels change: all that is known is whether it is there. */
export const BEHIND = 'behind Service ';

/** Names `KIND/NAME` of all workloads that either side tells; none where one side does not know its workloads. */
function workloadsOf(before: TopologyNode, after: TopologyNode): readonly string[] {
  const [a, b] = [before.detail.workloads, after.detail.workloads];
  if (!Array.isArray(a) || !Array.isArray(b)) return [];
  return [
    ...new Set([...objects(a), ...objects(b)].map(({ kind, name }) => `${String(kind)}/${String(name)}`)),
  ].sort();
}

function ofWorkload(
  namespace: string,
  name: string,
  before: TopologyNode,
  after: TopologyNode,
  fields: readonly FieldChange[],
): readonly Told[] {
  const prefix = `workloads.${name}.`;
  const own = fields
    .filter(({ path }) => path.startsWith(prefix))
    .map((field) => ({ ...field, path: field.path.slice(prefix.length) }));
  const slash = name.indexOf('/');
  const object = `${name.slice(0, slash)} ${namespace}/${name.slice(slash + 1)}`;
  const isThere = (node: TopologyNode) =>
    objects(node.detail.workloads).some((item) => `${String(item.kind)}/${String(item.name)}` === name);
  const [was, is] = [isThere(before), isThere(after)];
  if (was !== is) {
    // Another selector finds other workloads: that is a change of the Service, not of them.
    if (fields.some(({ path }) => path.startsWith('selector.'))) return [];
    return [{ kind: 'deploy', object, fields: [{ path: `${BEHIND}${after.name}`, before: was, after: is }] }];
  }
  const replicas = own.filter(({ path }) => path === 'replicas');
  const images = own.filter(({ path }) => path.startsWith('images.'));
  const respecified = own.some(({ path }) => path === 'generation') && replicas.length === 0;
  return [
    ...(images.length > 0 || respecified ? [{ kind: 'deploy' as const, object, fields: images }] : []),
    ...(replicas.length > 0 ? [{ kind: 'replicas' as const, object, fields: replicas }] : []),
  ];
}

function ofController(
  before: TopologyNode,
  after: TopologyNode,
  fields: readonly FieldChange[],
): readonly Told[] {
  const workload = ownerOf(after, 'Controller');
  const settled = [before, after].every(({ detail }) => (detail.settingsUnknown ?? '') === '');
  const sources = new Map([...origins(before), ...origins(after)]);
  const settings = settled ? fields.filter(({ path }) => path.startsWith('settings.')) : [];
  const byObject = Map.groupBy(settings, ({ path }) => {
    const source = sources.get(path.slice('settings.'.length)) ?? '';
    return source.startsWith('ConfigMap ') ? source : workload;
  });
  return [
    ...some('deploy', workload, fields, /^(image|version)$/),
    ...some('replicas', workload, fields, /^desired$/),
    ...some('configuration', workload, fields, /^classes$/),
    ...[...byObject].map(([object, own]) => ({ kind: 'configuration' as const, object, fields: own })),
  ];
}

/** Where each setting of a controller comes from; a default is nobody's. */
function origins({ detail }: TopologyNode): readonly (readonly [string, string])[] {
  return objects(detail.settings).flatMap(({ name, from }) =>
    typeof name === 'string' && typeof from === 'string' && from !== 'default' ? [[name, from] as const] : [],
  );
}

/** The object behind a node. */
function ownerOf({ ref, namespace, name }: TopologyNode, word: string): string {
  return ref ? `${ref.kind} ${ref.namespace}/${ref.name}` : `${word} ${namespace}/${name}`;
}

function some(
  kind: EventKind,
  object: string,
  fields: readonly FieldChange[],
  paths: RegExp,
): readonly Told[] {
  const own = fields.filter(({ path }) => paths.test(path));
  return own.length > 0 ? [{ kind, object, fields: own }] : [];
}

/** Edited in something that is not drawn. */
function isEdited(before: TopologyNode, after: TopologyNode, object: string): boolean {
  const at = (node: TopologyNode) => objects(node.detail.edits).find((edit) => edit.object === object)?.at;
  const [earlier, later] = [at(before), at(after)];
  return earlier !== undefined && later !== undefined && earlier !== later;
}

function isKnown({ before, after }: Pick<FieldChange, 'before' | 'after'>): boolean {
  return before !== null && after !== null;
}

function fieldOf(fields: Fields, path: string): FieldValue {
  return fields.get(path) ?? null;
}
