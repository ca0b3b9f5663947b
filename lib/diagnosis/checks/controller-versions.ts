/** What a controller's version does not know: removed flags, and the version of Kubernetes. */
import { hasFlag } from '@/lib/controllers/arguments';
import { majorMinor } from '@/lib/controllers/image';
import { kubernetesMinor, REMOVED_FLAGS, unsupportedBy } from '@/lib/controllers/versions';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import {
  argumentsCommand,
  controllerArguments,
  controllerRef,
  controllerTarget,
  controllerWorkload,
} from '@/lib/diagnosis/controller-parts';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import { serverFact } from '@/lib/topology/reads';

/** `controller-removed-flag`: pflag refuses what it does not know, so the next pod will not start. */
export function removedFlags(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const args = controllerArguments(read, controller);
  const workload = controllerWorkload(read, controller);
  const version = majorMinor(controller.recognised?.version ?? '');
  if (controller.type !== 'ingress-nginx' || !args || !workload || !version) return [];
  const gone = REMOVED_FLAGS.filter(
    ([flag, [major, minor]]) =>
      hasFlag(args, flag) && (version[0] > major || (version[0] === major && version[1] >= minor)),
  );
  const [first] = gone;
  if (!first) return [];
  const subject = controllerRef(read, controller);
  const names = gone.map(([flag]) => `--${flag}`).join(', ');
  const found = draft({
    code: 'controller-removed-flag',
    severity: 'warning',
    hop: 'controller',
    subject,
    title: `Controller ${controller.name} is given a flag that its version does not have`,
    detail: `${names} was removed in ${first[1].join('.')}; this is ${controller.recognised?.version}: it refuses to start with an unknown flag`,
    evidence: gone.map(([flag]) => evidence(subject, 'spec.template.spec.containers[].args', `--${flag}`)),
    fix: {
      summary: `Remove ${names} from its arguments.`,
      look: [argumentsCommand(controller)],
      managedBy: managedBy(workload),
    },
  });
  return [{ draft: found }];
}

/** `controller-k8s-version-unsupported`, where it serves all the same: the pair was never tested. */
export function versionUntested(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const server = serverFact(read);
  const minor = kubernetesMinor(server?.version ?? '');
  const workload = controllerWorkload(read, controller);
  const { recognised } = controller;
  if (minor === null || !workload || !recognised || recognised.predatesV1) return [];
  if (controller.type !== 'ingress-nginx') return [];
  const support = unsupportedBy(recognised.image, minor);
  if (!support) return [];
  const subject = controllerRef(read, controller);
  const next = support.line
    ? `Version ${support.line} supports Kubernetes 1.${minor}; ingress-nginx itself is retired since March 2026.`
    : `No release of ingress-nginx supports Kubernetes 1.${minor}, and none will: plan its replacement.`;
  const found = draft({
    code: 'controller-k8s-version-unsupported',
    severity: 'warning',
    hop: 'controller',
    subject,
    title: `Controller ${controller.name} was not tested with this version of Kubernetes`,
    detail: `ingress-nginx ${recognised.version} supports Kubernetes 1.${support.from} to 1.${support.to}; this is ${server?.version}`,
    evidence: [
      evidence(subject, 'spec.template.spec.containers[].image', recognised.image),
      evidence(null, '/version', server?.version),
    ],
    fix: {
      summary: next,
      look: [sh`kubectl -n ${controller.namespace} get ${controllerTarget(controller)} -o wide`],
      managedBy: managedBy(workload),
    },
  });
  return [{ draft: found }];
}
