import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';

const FLAG = /strictprefixmatching(?:=(\w+))?/i;

/**
 * Traefik's `strictPrefixMatching`, which makes Prefix element-wise (SEMANTICS 2.0, v3.7); `unknown` where a file may set
 * it. False for every other controller.
 */
export function strictPrefix(read: Reader, controller: Controller): boolean | 'unknown' {
  if (controller.type !== 'traefik') return false;
  const plane = controller.dataPlane[0];
  const workload = plane ? planeWorkload(read, plane) : undefined;
  if (!workload) return 'unknown';
  const words = workload.containers.flatMap(({ command, args }) => [...command, ...args]);
  const flag = words.map((word) => FLAG.exec(word)).find((found) => found !== null);
  if (flag) return (flag[1] ?? 'true') === 'true';
  const elsewhere =
    words.some((word) => /configfile/i.test(word)) || controller.recognised?.servesIngress === 'unknown';
  return elsewhere ? 'unknown' : false;
}
