/** The two lines of a node's card. Every status that is not ok says so in words, not by colour alone. */

import { listOf, numberOf, recordOf, recordsOf, textOf } from '@/lib/topology/detail-reads';
import type { TopologyNode } from '@/lib/topology/model';
import { shortReason } from '@/lib/topology/reasons';
import { count, shortRoute } from '@/lib/topology/text';

export interface CardText {
  readonly title: string;
  readonly sub: string;
  /** The untruncated name, for the tooltip and for those who can't see the card. */
  readonly full: string;
  /** Shorter ways to say the title and the second line, for narrow cards; the last one may be cut. */
  readonly titles: readonly string[];
  readonly subs: readonly string[];
}

/** Whether a node stands for something that is referred to but was not found. */
export function isGhost(node: TopologyNode): boolean {
  if (isWithheld(node)) return false;
  if (node.detail.ghost === true) return true;
  const object = node.kind === 'service' || node.kind === 'secret' || node.kind === 'class';
  return object && node.ref?.uid === undefined && node.status !== 'ok';
}

/** Whether a node stands for something that the viewer may not see. */
export function isWithheld(node: TopologyNode): boolean {
  return node.detail.withheld === true;
}

export function cardText(node: TopologyNode): CardText {
  if (isWithheld(node)) return withheldText(node);
  switch (node.kind) {
    case 'host':
      return named(
        node.name === '*' || node.name === '' ? 'any host' : node.name,
        hostSub(node),
        failingShare(node),
      );
    case 'loadbalancer':
      return named(
        listOf(node.detail, 'addresses')[0] ?? node.name,
        loadBalancerSub(node),
        textOf(node.detail, 'type').replace('LoadBalancer', ''),
      );
    case 'address':
      return named(node.name, 'unknown here');
    case 'endpoint':
      return node.detail.ghost === true
        ? { ...named('no endpoints', 'no pod matches', 'no match'), titles: ['none'] }
        : named(node.name, node.detail.ready === false ? 'not ready' : 'no pod of ours');
    case 'controller':
      return controllerText(node);
    case 'rule':
      return ruleText(node);
    case 'service':
      return named(node.name, serviceSub(node), serviceShort(node));
    case 'pod':
      return named(node.name, podSub(node), podState(node));
    case 'group':
      return groupText(node);
    case 'secret':
      return hanging(node, 'Secret', 'certificate at fault');
    case 'class':
      return hanging(node, 'Class', 'class at fault');
    default:
      return named(node.name, node.namespace);
  }
}

/** Its status is told by the mark: whose way ends there must know that it does. */
function withheldText(node: TopologyNode): CardText {
  const what = WITHHELD_WORD[node.kind] ?? node.kind;
  const text = named(`Hidden ${what}`, 'in another namespace', 'hidden');
  const alone = what[0]?.toUpperCase() + what.slice(1);
  return { ...text, full: `${alone}, hidden from you`, titles: [alone, what.split(' ').at(-1) ?? what] };
}

const WITHHELD_WORD: Readonly<Partial<Record<TopologyNode['kind'], string>>> = {
  loadbalancer: 'load balancer',
  service: 'Service',
  secret: 'Secret',
};

function named(title: string, sub: string, short = ''): CardText {
  return { title, sub, full: title, titles: [], subs: short === '' ? [] : [short] };
}

/** What hangs under a rule: where there is no room for both, the second line says what it is. */
function hanging(node: TopologyNode, what: string, otherwise: string): CardText {
  const sub = missing(node, otherwise);
  const text = named(`${what} ${node.name}`, sub, isGhost(node) ? `no such ${what}` : what);
  return { ...text, titles: [node.name] };
}

function hostSub(node: TopologyNode): string {
  const addresses = listOf(node.detail, 'addresses');
  const address = addresses[0] ?? '';
  if (address === '' && node.status !== 'ok') return unresolved(node);
  const failing = failingShare(node);
  if (failing !== '') return `${failing} · ${address}`;
  if (address !== '') return addresses.length > 1 ? `${address} +${addresses.length - 1}` : address;
  return unresolved(node);
}

function failingShare(node: TopologyNode): string {
  const rules = recordOf(node.detail, 'rules');
  const failing = rules ? (numberOf(rules, 'failing') ?? 0) : 0;
  const total = rules ? (numberOf(rules, 'total') ?? 0) : 0;
  if (node.status === 'ok' || failing === 0) return '';
  if (failing < total) return `${failing} of ${total} paths fail`;
  return total === 1 ? 'its path fails' : `all ${total} paths fail`;
}

function unresolved(node: TopologyNode): string {
  if (node.name === '*' || node.name === '') return 'rules without host';
  const outcome = textOf(recordsOf(node.detail, 'points')[0] ?? {}, 'outcome');
  if (/nxdomain|not.?found|no.?such/i.test(outcome)) return 'name does not exist';
  if (/no.?data|empty/i.test(outcome)) return 'no address record';
  if (outcome !== '' && outcome !== 'ok') return outcome;
  return node.detail.wildcard === true ? 'wildcard' : 'not looked up';
}

function loadBalancerSub(node: TopologyNode): string {
  if (node.detail.pending === true) return 'no address yet';
  const ports = listOf(node.detail, 'ports').map((port) => port.split('→')[0] ?? port);
  const type = textOf(node.detail, 'type');
  const what = type === '' || type === 'LoadBalancer' ? '' : type;
  return [what, ports.join(', ')].filter((part) => part !== '').join(' · ') || node.namespace;
}

function controllerText(node: TopologyNode): CardText {
  const type = textOf(node.detail, 'type');
  const classes = listOf(node.detail, 'classes');
  const desired = numberOf(node.detail, 'desired');
  const ready = numberOf(node.detail, 'ready') ?? 0;
  const nobody = node.id === 'controller:none' || node.id.startsWith('controller:class/');
  if (nobody || isGhost(node)) {
    return { ...named('No controller', 'nobody serves this', 'nobody serves'), titles: ['None'] };
  }
  const title = type === '' || type === 'unknown' ? node.name : type;
  const outside = node.id.startsWith('controller:external/') ? 'outside the cluster' : '';
  const state = desired === null ? outside : `${ready}/${desired} ready`;
  return {
    ...named(title, [classes.join(', '), state].filter((part) => part !== '').join(' · '), state),
    full: title === node.name ? title : `${title} (${node.name})`,
  };
}

function ruleText(node: TopologyNode): CardText {
  const host = textOf(node.detail, 'host');
  const path = textOf(node.detail, 'path');
  const byDefault = node.id.endsWith('/~default');
  const answer = numberOf(node.detail, 'answer');
  const type = byDefault ? '' : textOf(node.detail, 'pathType') || 'Prefix';
  const from = `${node.namespace}/${textOf(node.detail, 'ingress') || node.name}`;
  const first =
    answer !== null && answer >= 400 ? `→ ${answer}` : type === 'ImplementationSpecific' ? 'Specific' : type;
  const full = byDefault
    ? `default backend of ${from}`
    : `${host === '' || host === '*' ? 'any host' : host}${path}`;
  return {
    title: byDefault ? 'default backend' : shortRoute(host, path, 20),
    sub: [first, from].filter((part) => part !== '').join(' · '),
    full,
    titles: byDefault ? ['default'] : [shortRoute(host, path, 14), shortest(host, path)],
    // What comes back is worth more than where the rule is written, and that more than how its path is matched.
    subs: answer !== null && answer >= 400 ? [first] : [from],
  };
}

/** Never a bare `/`: then the host's first label tells more. */
function shortest(host: string, path: string): string {
  return path === '' || path === '/' ? (host.split('.')[0] ?? host) || 'any host' : `…${path}`;
}

function serviceSub(node: TopologyNode): string {
  if (isGhost(node)) return missing(node, 'not found');
  const ports = portsOf(node);
  const type = textOf(node.detail, 'type');
  const share = node.status === 'ok' ? '' : readyShare(node);
  // The ports are in the inspector; what is wrong has the card's one line for itself.
  if (share !== '') return share;
  return [type === 'ClusterIP' ? '' : type, ports.slice(0, 2).join(', ') + (ports.length > 2 ? ' …' : '')]
    .filter((part) => part !== '')
    .join(' · ');
}

function serviceShort(node: TopologyNode): string {
  if (isGhost(node)) return 'not found';
  const share = node.status === 'ok' ? '' : readyShare(node);
  return share === 'no endpoints' ? 'none ready' : share || (portsOf(node)[0] ?? '');
}

function portsOf(node: TopologyNode): string[] {
  return recordsOf(node.detail, 'ports').map((port) => {
    const to = textOf(port, 'targetPort');
    const from = textOf(port, 'port');
    return to === '' || to === from ? from : `${from} → ${to}`;
  });
}

function readyShare(node: TopologyNode): string {
  const total = numberOf(node.detail, 'total');
  if (total === 0) return 'no endpoints';
  const ready = numberOf(node.detail, 'ready') ?? 0;
  return total === null || ready === total ? '' : `${ready}/${total} ready`;
}

function podState(node: TopologyNode): string {
  const reason = shortReason(textOf(node.detail, 'reason'));
  if (reason !== '') return reason;
  return node.detail.ready === true ? 'ready' : textOf(node.detail, 'phase') || 'not ready';
}

function podSub(node: TopologyNode): string {
  const restarts = numberOf(node.detail, 'restarts') ?? 0;
  const state = podState(node);
  return restarts > 0 ? `${state} · ${count(restarts, 'restart')}` : state;
}

function groupText(node: TopologyNode): CardText {
  const total = numberOf(node.detail, 'count') ?? 0;
  const statuses = recordOf(node.detail, 'statuses') ?? {};
  if (node.detail.folds === 'hosts') {
    const of = textOf(node.detail, 'of');
    const title = `${count(total, 'more host')}${of === '' || of === '*' ? '' : ` under *.${of}`}`;
    const whole = (numberOf(statuses, 'ok') ?? 0) === total;
    return named(title, whole ? 'no fault found' : statusCounts(statuses));
  }
  if (node.detail.folds === 'internal') {
    const where = node.namespace === '' ? '' : ` in ${node.namespace}`;
    const title = `${total} more${where}`;
    return named(title, 'not reachable from outside');
  }
  const ready = numberOf(node.detail, 'ready') ?? numberOf(statuses, 'ok') ?? 0;
  const title = `${ready}/${total} ready`;
  return {
    ...named(title, textOf(node.detail, 'note') || count(total, 'pod')),
    titles: [`${ready}/${total}`],
  };
}

function statusCounts(statuses: Readonly<Record<string, unknown>>): string {
  return Object.entries(statuses)
    .filter(([, n]) => typeof n === 'number' && n > 0)
    .map(([status, n]) => `${String(n)} ${status}`)
    .join(', ');
}

function missing(node: TopologyNode, otherwise: string): string {
  if (!isGhost(node)) return textOf(node.detail, 'reason') || otherwise;
  if (node.status === 'unknown') return 'may not be looked at';
  if (node.status === 'pending') return 'being created';
  return node.namespace === '' ? 'not found' : `not found in ${node.namespace}`;
}
