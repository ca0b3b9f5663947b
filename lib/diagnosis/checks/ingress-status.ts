/** The address in an Ingress' status: what external-dns and people go by. No request fails of it. */
import { hasFlag, readBoolean } from '@/lib/controllers/arguments';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import {
  argumentsCommand,
  controllerArguments,
  controllerRef,
  logsCommand,
} from '@/lib/diagnosis/controller-parts';
import { CLOUD_HOLD_MS, draft, evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { addressesOf, serviceLoadBalancer } from '@/lib/topology/exposure';
import { object } from '@/lib/topology/reads';

/** What a controller (key: its id) should write there: the address of the Service that it publishes; null where that is not certain. */
const publishedAddresses: Query<readonly string[] | null> = {
  name: 'published-addresses',
  level: 4,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    const key = controller?.recognised?.publishService;
    if (!controller || !key || controller.recognised?.unreadable.includes('publish-service')) return null;
    const args = controllerArguments(read, controller);
    const service = object(read, 'services', key);
    if (!args || !service || hasFlag(args, 'publish-status-address')) return null;
    if (readBoolean(args, 'update-status', true) !== true) return null;
    const { addresses, pending } = serviceLoadBalancer(read, service);
    return pending || addresses.length === 0 ? null : addresses;
  },
};

function published(read: Reader, controller: Controller | undefined): readonly string[] | null {
  return controller ? read.query(publishedAddresses, controller.id) : null;
}

function only(unit: IngressUnit): Controller | undefined {
  // Where several serve it, each may write there.
  return unit.served.controllers.length === 1 && unit.served.maybe.length === 0 ? unit.controller : undefined;
}

/** `ingress-status-empty`: five minutes after it was made, though its controller's Service has an address. */
export function statusEmpty(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  if (ingress.addresses.length > 0) return [];
  const controller = only(unit);
  const expected = published(read, controller);
  if (!controller || !expected) return [];
  if (ingress.created !== null && !read.reached(ingress.created + CLOUD_HOLD_MS)) return [];
  const text = {
    code: 'ingress-status-empty',
    title: `Controller ${controller.name} does not write its address into the status of Ingresses`,
    detail: `Ingresses that it serves have no address in their status, though it publishes ${expected.join(', ')}: it may not have taken them, have no leader, or may not write there`,
    path: 'status.loadBalancer.ingress',
    value: '[]',
  };
  return [{ draft: statusDraft(read, controller, ingress, text) }];
}

/** `ingress-status-stale`: none of the addresses there is its controller's. */
export function statusStale(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  const own = addressesOf(ingress.addresses);
  const controller = only(unit);
  const expected = own.length === 0 ? null : published(read, controller);
  if (!controller || !expected || own.some((address) => expected.includes(address))) return [];
  const text = {
    code: 'ingress-status-stale',
    title: `Ingresses of controller ${controller.name} carry an address that is not its own`,
    detail: `the status says ${own.join(', ')}; the controller publishes ${expected.join(', ')}: external-dns and people are led astray`,
    path: 'status.loadBalancer.ingress',
    value: own.join(', '),
  };
  return [{ draft: statusDraft(read, controller, ingress, text) }];
}

interface Text {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly path: string;
  readonly value: string;
}

/** One finding for each controller, however many Ingresses: contributions of equal id merge, with whom they concern. */
function statusDraft(read: Reader, controller: Controller, ingress: Ingress, text: Text) {
  const ref = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  return draft({
    code: text.code,
    severity: 'warning',
    impact: 'risk',
    hop: 'loadbalancer',
    subject: controllerRef(read, controller),
    related: [ref],
    title: text.title,
    detail: text.detail,
    evidence: [evidence(ref, text.path, text.value)],
    fix: {
      summary:
        'Look whether it takes the Ingresses, then at its log and its right to update ingresses/status.',
      look: [
        sh`kubectl -n ${controller.namespace} get ingress -A`,
        logsCommand(controller),
        argumentsCommand(controller),
      ],
    },
    holdMs: CLOUD_HOLD_MS,
  });
}
