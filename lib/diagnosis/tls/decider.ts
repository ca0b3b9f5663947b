/** Which of several Ingresses decides on the certificate of a host. */
import type { ControllerType } from '@/lib/controllers/types';
import { leadController } from '@/lib/diagnosis/lead-controller';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { members, object } from '@/lib/topology/reads';
import { namesHost } from './entries';

/** The oldest Ingress with a TLS section decides; what younger ones bring for the host is not used (SEMANTICS 2.1, 2.4). */
export const OLDEST_DECIDES: ReadonlySet<ControllerType> = new Set(['ingress-nginx', 'haproxy-ingress']);

/** Keys of the Ingresses that have a rule for a host and a TLS section, oldest first; those of unknown age are left out. */
const tlsIngresses: Query<readonly string[]> = {
  name: 'tls-ingresses',
  level: 5,
  compute: (read, host) => {
    const found = members(read, 'ingresses-by-host', host).flatMap((key) => {
      const ingress = object(read, 'ingresses', key);
      return ingress && ingress.tls.length > 0 && ingress.created !== null
        ? [{ key, created: ingress.created }]
        : [];
    });
    return found.sort((a, b) => a.created - b.created || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
  },
};

function secretFor(read: Reader, key: string, host: string): string | null {
  const entry = object(read, 'ingresses', key)?.tls.find((one) => namesHost(one.hosts, host));
  return entry ? objectKey(splitKey(key).namespace, entry.secretName) : null;
}

/** The older Ingress that decides for a host with another Secret; null when none does. */
function elderOf(
  read: Reader,
  own: string,
  secret: string,
  controller: Controller,
  host: string,
): string | null {
  for (const key of read.query(tlsIngresses, host)) {
    if (key === own) return null;
    if (leadController(read, key)?.id !== controller.id) continue;
    const other = secretFor(read, key, host);
    return other === null || other === secret ? null : key;
  }
  return null;
}

/** The older Ingress by which all these hosts have their certificate, so that this one's Secret is not used; null when it is. */
export function decidedBy(
  read: Reader,
  ingress: Ingress,
  secretName: string,
  controller: Controller | undefined,
  hosts: readonly string[],
): string | null {
  if (!controller || !OLDEST_DECIDES.has(controller.type) || ingress.created === null) return null;
  const own = objectKey(ingress.namespace, ingress.name);
  const secret = objectKey(ingress.namespace, secretName);
  const elders = hosts.map((host) => elderOf(read, own, secret, controller, host));
  return elders.length > 0 && elders.every((elder) => elder !== null) ? (elders[0] ?? null) : null;
}
