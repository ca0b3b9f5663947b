/** Error pages that nobody serves (ingress-nginx). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import type { Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { annotationEvidence, ingressRef, lookAt, NGINX } from './ingress-parts';

/**
 * `rule-default-backend-none`: own error pages are asked for, and nobody serves them (ingress-nginx: annotation
 * custom-http-errors needs a default backend, docs default-backend.md, v1.15.1).
 */
export function noDefault(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const errors = ingress.annotations[`${NGINX}custom-http-errors`];
  const plane = controller?.dataPlane[0];
  if (!errors || controller?.type !== 'ingress-nginx' || !plane || ingress.defaultBackend) return [];
  if (ingress.annotations[`${NGINX}default-backend`]) return [];
  const workload = planeWorkload(read, plane);
  const words = workload?.containers.flatMap(({ command, args }) => [...command, ...args]);
  if (!words || words.some((word) => word.includes('default-backend-service') || word.startsWith('$(')))
    return [];
  const found = draft({
    code: 'rule-default-backend-none',
    severity: 'info',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `Ingress ${ingress.name} wants error pages that nobody serves`,
    detail: `custom-http-errors hands ${errors} to a default backend, and there is none: users get the controller's plain answer`,
    evidence: [annotationEvidence(ingress, `${NGINX}custom-http-errors`)],
    fix: {
      summary:
        'Name a Service with the error pages in the annotation default-backend, or take custom-http-errors away.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}
