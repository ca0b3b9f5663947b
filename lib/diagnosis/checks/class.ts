/** Why nobody serves an Ingress (CHECKS, hops class and controller). */
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllers } from '@/lib/topology/controllers';
import { CLASS_ANNOTATION } from '@/lib/topology/entries';
import { members, object } from '@/lib/topology/reads';
import type { Serving } from '@/lib/topology/serving';
import { workloadRef } from '@/lib/topology/workloads';
import { controllerMissing, noController } from './controller-missing';

/** Findings that explain why an Ingress is served by nobody, symptom first; empty when somebody serves it. */
export function notServedFindings(read: Reader, ingress: Ingress, serving: Serving): readonly Draft[] {
  switch (serving.problem) {
    case null:
      return [];
    case 'class-missing':
      return withCause(classMissing(read, ingress), noController(read));
    case 'class-unset':
      return [classUnset(read, ingress)];
    case 'class-no-controller':
      return withoutController(read, ingress, serving);
    case 'controller-missing':
      return ingress.className !== null && classExists(read, ingress)
        ? withoutController(read, ingress, serving)
        : [controllerMissing('open', serving.reason)];
    case 'controller-too-old':
      return tooOldFindings(read, ingress, serving);
    case 'not-accepted':
      return [notAccepted(read, ingress, serving)];
    case 'unknown':
      return serving.maybe.length > 0 ? [] : [controllerMissing('unknown', serving.reason)];
  }
}

function classExists(read: Reader, ingress: Ingress): boolean {
  return (
    ingress.className !== null &&
    object(read, 'ingressclasses', objectKey('', ingress.className)) !== undefined
  );
}

function ingressRefOf(ingress: Ingress) {
  return refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
}

function classNames(read: Reader): readonly string[] {
  return members(read, 'classes-all', '').map((key) => splitKey(key).name);
}

function setClass(ingress: Ingress, name: string): string {
  return sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=merge -p ${JSON.stringify({ spec: { ingressClassName: name } })}`;
}

function classMissing(read: Reader, ingress: Ingress): Draft {
  const name = ingress.className ?? '';
  const names = classNames(read);
  const near = nearest(name, names) ?? (names.length === 1 ? (names[0] as string) : null);
  const subject = refOf('ingressclasses', '', name);
  return draft({
    code: 'ingress-class-missing',
    severity: 'broken',
    hop: 'class',
    subject,
    related: [ingressRefOf(ingress)],
    title: `IngressClass ${name} not found`,
    detail: `no IngressClass is named ${name}, so no controller serves the Ingress${near ? `; near: ${near}` : ''}`,
    evidence: [
      evidence(ingressRefOf(ingress), 'spec.ingressClassName', name),
      evidence(
        subject,
        'metadata.name',
        names.length > 0 ? `not found; there is ${names.join(', ')}` : 'not found',
      ),
    ],
    fix: {
      summary: near
        ? `Set ingressClassName to ${near}, or create the class ${name}.`
        : `Create the IngressClass ${name}, or name one that exists.`,
      look: [
        'kubectl get ingressclass',
        sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o jsonpath='{.spec.ingressClassName}'`,
      ],
      change: near ? [setClass(ingress, near)] : [],
      managedBy: managedBy(ingress),
    },
  });
}

function classUnset(read: Reader, ingress: Ingress): Draft {
  const names = classNames(read);
  const only = names.length === 1 ? (names[0] as string) : null;
  return draft({
    code: 'ingress-class-unset',
    severity: 'broken',
    hop: 'class',
    subject: ingressRefOf(ingress),
    title: `Ingress ${ingress.name} names no class`,
    detail:
      'the Ingress names no class, and no controller takes Ingresses without one; a default class is stamped at creation only',
    evidence: [
      evidence(ingressRefOf(ingress), 'spec.ingressClassName', 'not set'),
      evidence(ingressRefOf(ingress), `metadata.annotations[${CLASS_ANNOTATION}]`, 'not set'),
    ],
    fix: {
      summary:
        names.length > 0
          ? `Set spec.ingressClassName to one of: ${names.join(', ')}.`
          : 'Create an IngressClass and name it in the Ingress.',
      look: ['kubectl get ingressclass'],
      change: only ? [setClass(ingress, only)] : [],
      managedBy: managedBy(ingress),
    },
  });
}

/** `ingress-class-no-controller`; where no controller runs at all, `controller-missing` is its cause. */
function withoutController(read: Reader, ingress: Ingress, serving: Serving): readonly Draft[] {
  const cause = noController(read);
  const name = serving.className ?? '';
  const subject = refOf('ingressclasses', '', name);
  const found = object(read, 'ingressclasses', objectKey('', name));
  const value = found?.controller ?? '';
  const byField = ingress.className !== null;
  const symptom = draft({
    code: 'ingress-class-no-controller',
    severity: 'broken',
    hop: 'class',
    subject: found ? { ...subject, uid: found.uid } : subject,
    related: [ingressRefOf(ingress)],
    title: `No controller serves class ${name}`,
    detail: byField
      ? `no running controller claims ${value || 'this class'}${serving.reason ? `: ${serving.reason}` : ''}`
      : `no running controller takes the annotation ${CLASS_ANNOTATION}: ${name}`,
    evidence: [
      byField
        ? evidence(subject, 'spec.controller', value)
        : evidence(ingressRefOf(ingress), `metadata.annotations[${CLASS_ANNOTATION}]`, name),
    ],
    fix: {
      summary:
        'Install or start the controller of this class, or point the Ingress to a class that is served.',
      look: ['kubectl get ingressclass', 'kubectl get deployments,daemonsets -A'],
      managedBy: managedBy(ingress),
    },
  });
  return withCause(symptom, cause);
}

function withCause(symptom: Draft, cause: Draft | null): readonly Draft[] {
  if (!cause) return [symptom];
  const summary = 'First a controller that serves it; its class comes with it.';
  return [{ ...symptom, cause: cause.id, fix: { ...symptom.fix, summary } }, cause];
}

/** The controller is too old for this API: the root; the class findings follow from it (TRUTH "Old controllers"). */
function tooOldFindings(read: Reader, ingress: Ingress, serving: Serving): readonly Draft[] {
  const old = read.query(controllers, '').find((controller) => controller.recognised?.predatesV1);
  if (!old) return [];
  const cause = tooOld(read, old);
  if (serving.className === null)
    return withCause(
      {
        ...classUnset(read, ingress),
        detail: 'the Ingress names no class, and the only controller is too old to serve it',
      },
      cause,
    );
  if (ingress.className !== null && !classExists(read, ingress))
    return withCause(classMissing(read, ingress), cause);
  return withCause(withoutController(read, ingress, serving)[0] as Draft, cause);
}

function tooOld(read: Reader, old: Controller): Draft {
  const subject = workloadRef(read, old.namespace, old.workload ?? { kind: 'Deployment', name: old.name });
  const version = old.recognised?.version ?? '';
  return draft({
    code: 'controller-k8s-version-unsupported',
    severity: 'broken',
    hop: 'controller',
    subject,
    title: `Controller ${old.name} is too old for this cluster`,
    detail: `${old.type} ${version} knows neither networking.k8s.io/v1 nor IngressClass (both since 1.0): it serves none of these Ingresses`,
    evidence: [evidence(subject, 'spec.template.spec.containers[].image', old.recognised?.image ?? '')],
    fix: {
      summary:
        'Replace it by a maintained controller that supports networking.k8s.io/v1 (ingress-nginx itself is retired since March 2026).',
      look: [sh`kubectl -n ${old.namespace} get ${`${subject.kind.toLowerCase()}/${old.name}`} -o wide`],
    },
  });
}

function notAccepted(read: Reader, ingress: Ingress, serving: Serving): Draft {
  const name = serving.className;
  const own = read
    .query(controllers, '')
    .find(({ recognised, classes }) => recognised && (name === null || classes.includes(name)));
  if (serving.reason.includes('--disable-catch-all drops')) return catchAllDisabled(ingress, own);
  const args = own?.workload
    ? [
        sh`kubectl -n ${own.namespace} get ${`${own.workload.kind.toLowerCase()}/${own.workload.name}`} -o jsonpath='{.spec.template.spec.containers[*].args}'`,
      ]
    : [];
  return draft({
    code: 'controller-watch-scope-excludes',
    severity: 'broken',
    hop: 'controller',
    subject: ingressRefOf(ingress),
    title: `Ingress ${ingress.name} is left out by its controller`,
    detail: serving.reason,
    evidence: [evidence(ingressRefOf(ingress), 'metadata.namespace', ingress.namespace)],
    fix: {
      summary: 'Widen what the controller watches, or move the Ingress where it looks.',
      look: [...args, sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
      managedBy: managedBy(ingress),
    },
  });
}

/** `rule-catchall-disabled`: the controller drops Ingresses with a defaultBackend (ingress-nginx store.go, v1.15.1). */
function catchAllDisabled(ingress: Ingress, own: Controller | undefined): Draft {
  const hosts = ingress.rules.length > 0;
  return draft({
    code: 'rule-catchall-disabled',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRefOf(ingress),
    title: `Ingress ${ingress.name} is dropped as a catch-all`,
    detail: `the controller${own ? ` ${own.name}` : ''} runs with --disable-catch-all, which drops Ingresses with a defaultBackend${hosts ? ', with all their rules' : ''}`,
    evidence: [
      evidence(ingressRefOf(ingress), 'spec.defaultBackend', 'set'),
      evidence(null, `args of ${own?.name ?? 'the controller'}`, '--disable-catch-all'),
    ],
    fix: {
      summary: hosts
        ? 'Take the defaultBackend away and give the host a rule for /, or drop the flag.'
        : 'Give it a rule with a host, or drop the flag.',
      look: [sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
      managedBy: managedBy(ingress),
    },
  });
}
