import { parseImage } from '@/lib/controllers/image';
import { outOfSupport, SUPPORT_TABLE_OF } from '@/lib/controllers/support-table';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { risk } from '@/lib/diagnosis/risk';
import type { Reader } from '@/lib/state/cells';

const imageEvidence = ({ ref, container }: ControllerFacts) =>
  evidence(ref, `spec.template.spec.containers[${container.name}].image`, container.image);

/** `controller-image-outdated`: its minor line is out of support by the offline table of `lib/controllers/support-table`. */
export function imageOutdated(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  if (!facts) return [];
  const { version } = facts.recognised;
  const support = outOfSupport(controller.type, facts.container.image, version);
  if (!support) return [];
  const { name } = facts.workload;
  const oldest = support.oldest.join('.');
  return [
    risk({
      code: 'controller-image-outdated',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      title: `Controller ${name} runs ${version}, which is out of support`,
      detail: `${controller.type} ${version} gets no more fixes: as of ${SUPPORT_TABLE_OF} the oldest line with fixes was ${oldest}, the newest release known ${support.newest}`,
      evidence: [imageEvidence(facts), evidence(null, `table of ${SUPPORT_TABLE_OF}`, `${oldest} and newer`)],
      fix: {
        summary: `Upgrade to ${support.newest} or newer, after reading the migration notes between.`,
        look: [facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}

/** `controller-image-unpinned`: `latest` or no tag, and no digest: a restart may bring another version. */
export function imageUnpinned(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  if (!facts) return [];
  const { image } = facts.container;
  const { tag } = parseImage(image);
  if (image === '' || image.includes('@') || (tag !== '' && tag !== 'latest')) return [];
  const { name } = facts.workload;
  return [
    risk({
      code: 'controller-image-unpinned',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      title: `Controller ${name} may change its version by itself`,
      detail: `the image of ${name} has ${tag === '' ? 'no tag' : 'the tag latest'} and no digest: each new pod takes what that name means then`,
      evidence: [imageEvidence(facts)],
      fix: {
        summary: 'Name a version and its digest.',
        look: [facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}
