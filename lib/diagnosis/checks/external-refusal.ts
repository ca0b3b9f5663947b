import { readBoolean } from '@/lib/controllers/arguments';
import { majorMinor } from '@/lib/controllers/image';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { argumentsOf } from './ingress-backends';

export interface Refusal {
  readonly why: string;
  /** What says so: a flag, or the product. */
  readonly value: string;
}

const ALLOW = 'providers.kubernetesingress.allowexternalnameservices';
const DISABLE = 'disable-svc-external-name';

/**
 * Why a controller does not follow ExternalName Services; null where it does, or where it cannot be known. ingress-nginx:
 * `--disable-svc-external-name` (SEMANTICS 2.1). Traefik: off unless `allowExternalNameServices` (2.3; the option is there since
 * 2.5). Load balancers of clouds know targets in the cluster only (CHECKS). Contour says it in a file that is not read: null.
 */
export function refusal(read: Reader, controller: Controller | undefined): Refusal | null {
  if (!controller) return null;
  if (controller.type === 'aws-alb' || controller.type === 'gce')
    return { why: 'this load balancer knows no targets by name', value: controller.type };
  const args = argumentsOf(read, controller);
  if (!args) return null;
  if (controller.type === 'ingress-nginx' && readBoolean(args, DISABLE, false) === true)
    return { why: `the controller runs with --${DISABLE}`, value: `--${DISABLE}` };
  return controller.type === 'traefik' ? byTraefik(controller, args) : null;
}

function byTraefik(controller: Controller, args: Parameters<typeof readBoolean>[0]): Refusal | null {
  const version = majorMinor(controller.recognised?.version ?? '');
  const knows = version !== null && (version[0] > 2 || (version[0] === 2 && version[1] >= 5));
  // Its provider that imitates ingress-nginx has rules of its own.
  if (!knows || controller.recognised?.nginxProvider) return null;
  return readBoolean(args, ALLOW, false) === false
    ? { why: `Traefik follows no ExternalName without --${ALLOW}`, value: `no --${ALLOW}` }
    : null;
}
