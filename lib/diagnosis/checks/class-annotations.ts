/** Annotations that contradict the class, or that were dropped. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import type { Reader } from '@/lib/state/cells';
import { CLASS_ANNOTATION } from '@/lib/topology/entries';
import { annotate, annotationEvidence, ingressRef, listed, lookAt, NGINX, unannotate } from './ingress-parts';

/** `ingress-class-both-set`: field and annotation name different classes, and controllers differ in which they read. */
export function bothSet(_read: Reader, { ingress }: IngressUnit): readonly Found[] {
  const annotation = ingress.annotations[CLASS_ANNOTATION];
  if (annotation === undefined || ingress.className === null || annotation === ingress.className) return [];
  const found = draft({
    code: 'ingress-class-both-set',
    severity: 'warning',
    impact: 'risk',
    hop: 'class',
    subject: ingressRef(ingress),
    title: `Ingress ${ingress.name} names two classes`,
    detail: `spec.ingressClassName is ${ingress.className || 'empty'}, the annotation says ${annotation || 'nothing'}: ingress-nginx and Traefik read the field, HAProxy and GKE the annotation, so two controllers may serve it, or none`,
    evidence: [
      evidence(ingressRef(ingress), 'spec.ingressClassName', ingress.className),
      annotationEvidence(ingress, CLASS_ANNOTATION),
    ],
    fix: {
      summary: 'Keep one of them: the field, except on GKE.',
      look: [lookAt(ingress)],
      change: [unannotate(ingress, CLASS_ANNOTATION)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}

/** Of ingress-nginx: what replaced an annotation, and since when (cmd/plugin/lints/ingress.go). */
const REMOVED: Readonly<
  Record<
    string,
    { readonly since: string; readonly instead: string; readonly set: readonly [string, string] | null }
  >
> = {
  'secure-backends': {
    since: '0.21',
    instead: 'backend-protocol: HTTPS',
    set: ['backend-protocol', 'HTTPS'],
  },
  'grpc-backend': { since: '0.21', instead: 'backend-protocol: GRPC', set: ['backend-protocol', 'GRPC'] },
  'add-base-url': { since: '0.22', instead: 'nothing: the application must know its base', set: null },
  'base-url-scheme': { since: '0.22', instead: 'nothing: the application must know its base', set: null },
  'session-cookie-hash': {
    since: '0.24',
    instead: 'nothing: the hash is chosen by the controller',
    set: null,
  },
  'mirror-uri': { since: '0.29', instead: 'mirror-target', set: null },
};

/** `ingress-removed-annotation`: ingress-nginx ignores it without a word. */
export function removedAnnotation(_read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  if (controller?.type !== 'ingress-nginx' || controller.recognised?.predatesV1) return [];
  const names = Object.keys(REMOVED).filter((name) => ingress.annotations[`${NGINX}${name}`] !== undefined);
  const first = names[0];
  const info = first === undefined ? undefined : REMOVED[first];
  if (first === undefined || !info) return [];
  const set = info.set && ingress.annotations[`${NGINX}${info.set[0]}`] === undefined ? info.set : null;
  const found = draft({
    code: 'ingress-removed-annotation',
    severity: 'warning',
    impact: 'risk',
    hop: 'class',
    subject: ingressRef(ingress),
    title: `Ingress ${ingress.name} has annotations that ingress-nginx dropped`,
    detail: `${first} has no effect since ${info.since}; instead: ${info.instead}${names.length > 1 ? `; so too ${listed(names.slice(1))}` : ''}`,
    evidence: names.slice(0, 5).map((name) => annotationEvidence(ingress, `${NGINX}${name}`)),
    fix: {
      summary: `Replace ${first} (${info.instead}).`,
      look: [lookAt(ingress)],
      change: set ? [annotate(ingress, `${NGINX}${set[0]}`, set[1])] : [],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}
