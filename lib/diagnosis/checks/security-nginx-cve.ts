import { parseImage } from '@/lib/controllers/image';
import {
  ADVISORIES_OF,
  type Advisory,
  advisoriesOf,
  LAST_RELEASES,
  NIGHTMARE,
} from '@/lib/controllers/nginx-advisories';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { imageEvidence, type Nginx, nginxOf } from '@/lib/diagnosis/nginx-facts';
import { counted, listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import { judgesIngresses } from './webhook-hooks';

/** `nginx-cve`: below the first fixed version of its own minor line, or on a line that never got the fix. */
export function nginxAdvisories(read: Reader, unit: ControllerUnit): readonly Found[] {
  const facts = nginxOf(read, unit);
  if (!facts) return [];
  const found = advisoriesOf(facts.build.version);
  if (found === null) return facts.build.origin === 'upstream' ? [versionUnknown(facts)] : [];
  // A number of their own, such as a date, says nothing about the lines of the project.
  if (found.length === 0) return [];
  if (facts.build.origin !== 'upstream') return [toVerify(facts, found)];
  return [openTo(facts, found, judgesIngresses(read, facts))];
}

function versionUnknown(facts: Nginx): Found {
  const { name, namespace } = facts.workload;
  return risk({
    code: 'nginx-cve',
    severity: 'warning',
    state: 'unknown',
    hop: 'security',
    subject: facts.ref,
    title: `Which security holes controller ${name} has is not known`,
    detail: `neither the tag of its image nor the label app.kubernetes.io/version tells which ingress-nginx ${name} runs`,
    evidence: [imageEvidence(facts)],
    fix: {
      summary: `Name the version in the image's tag beside the digest; the last releases are ${LAST_RELEASES.join(', ')}.`,
      look: [
        sh`kubectl -n ${namespace} exec ${facts.workload.kind.toLowerCase()}/${name} -- /nginx-ingress-controller --version`,
      ],
      managedBy: managedBy(facts.workload),
    },
  });
}

function toVerify(facts: Nginx, found: readonly Advisory[]): Found {
  const { name } = facts.workload;
  const { maker, version } = facts.build;
  return risk({
    code: 'nginx-cve',
    severity: 'info',
    hop: 'security',
    subject: facts.ref,
    title: `Verify that the build of controller ${name} is patched`,
    detail: `${name} runs ingress-nginx ${version}, built by ${maker}: upstream that version has ${counted(found.length, 'known hole', 'known holes')} (${listed(found.map(({ id }) => id))}); whether they are mended in this build is not seen from here`,
    evidence: [imageEvidence(facts)],
    fix: {
      summary: `Look at the release notes of ${maker} for these advisories.`,
      look: [facts.look],
      managedBy: managedBy(facts.workload),
    },
  });
}

function openTo(facts: Nginx, found: readonly Advisory[], webhook: boolean): Found {
  const { name, namespace, kind } = facts.workload;
  const { version } = facts.build;
  const nightmare = webhook && found.some(({ id }) => id === NIGHTMARE);
  const next = LAST_RELEASES.find(
    (release) => release.split('.')[1] === version.split('.')[1] && release !== version,
  );
  const target = next ?? LAST_RELEASES[0] ?? '';
  const image = next ? upgraded(facts.container.image, next) : null;
  return risk({
    code: 'nginx-cve',
    severity: nightmare ? 'broken' : 'warning',
    hop: 'security',
    subject: facts.ref,
    title: nightmare
      ? `Controller ${name} can be taken over from any pod (${NIGHTMARE})`
      : `Controller ${name} has ${counted(found.length, 'known security hole', 'known security holes')}`,
    detail: `ingress-nginx ${version} is open to ${listed(
      found.map(({ id, what }) => `${id} (${what})`),
      20,
    )}${webhookNote(nightmare, found)}`,
    evidence: [
      imageEvidence(facts),
      evidence(
        null,
        `table of ${ADVISORIES_OF}`,
        found.map(({ id, fixed }) => `${id} fixed in ${fixed.join(', ')}`),
      ),
    ],
    fix: {
      summary: `Upgrade to ${target}, the last release${next ? ' of its line' : ''}, then move to a maintained controller.${nightmare ? ' Until then take the webhook away, or let only the API server reach it.' : ''}`,
      look: [facts.look],
      change: image
        ? [
            sh`kubectl -n ${namespace} set image ${kind.toLowerCase()}/${name} ${`${facts.container.name}=${image}`}`,
          ]
        : [],
      managedBy: managedBy(facts.workload),
    },
  });
}

function webhookNote(nightmare: boolean, found: readonly Advisory[]): string {
  if (nightmare) return '; its admission webhook is in use, so pods need no permission for the first';
  return found.some(({ id }) => id === NIGHTMARE)
    ? `; ${NIGHTMARE} needs the admission webhook, which is not in use`
    : '';
}

/** The same image with another release as its tag; null where a digest or another kind of tag pins it. */
function upgraded(image: string, release: string): string | null {
  const { tag } = parseImage(image);
  if (image.includes('@') || !/^v?\d+\.\d+\.\d+$/.test(tag)) return null;
  return `${image.slice(0, image.length - tag.length)}${tag.startsWith('v') ? 'v' : ''}${release}`;
}
