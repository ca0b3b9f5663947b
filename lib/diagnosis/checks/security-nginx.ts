import { parseImage } from '@/lib/controllers/image';
import {
  ADVISORIES_OF,
  type Advisory,
  AKS_SUPPORT_ENDS,
  advisoriesOf,
  LAST_RELEASES,
  NGINX_CORE_ADVISORIES,
  NGINX_END_OF_LIFE,
  type NginxBuild,
  NIGHTMARE,
  nginxBuild,
} from '@/lib/controllers/nginx-advisories';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts } from '@/lib/diagnosis/controller-facts';
import { evidence, findingId } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { counted, listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import type { Severity } from '@/lib/topology/model';
import { members } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { judgesIngresses } from './webhook-hooks';

const WAYS_OUT =
  'Move to a maintained controller: a Gateway API implementation (ingress2gateway translates), Traefik with its ingress-nginx provider, F5 NGINX Ingress Controller, HAProxy or another one.';

interface Nginx extends ControllerFacts {
  readonly build: NginxBuild;
}

function nginxOf(read: Reader, { controller }: ControllerUnit): Nginx | null {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  if (!facts) return null;
  const labels = { ...facts.workload.templateLabels, ...facts.workload.labels };
  return { ...facts, build: nginxBuild(facts.container.image, labels) };
}

const imageEvidence = ({ ref, container }: ControllerFacts) =>
  evidence(ref, `spec.template.spec.containers[${container.name}].image`, container.image);

/** `nginx-eol`: community ingress-nginx gets no fixes since March 2026 (kubernetes.io blog 2025-11-12). */
export function nginxEndOfLife(read: Reader, unit: ControllerUnit): readonly Found[] {
  const facts = read.reached(NGINX_END_OF_LIFE) ? nginxOf(read, unit) : null;
  if (!facts) return [];
  const { build, workload } = facts;
  const { name } = workload;
  const over = build.origin === 'upstream' || (build.origin === 'aks' && read.reached(AKS_SUPPORT_ENDS));
  const says =
    build.origin === 'aks'
      ? `its image is Microsoft's build, which gets critical patches ${over ? 'until the end of November 2026 only' : 'through November 2026'}`
      : over
        ? 'the project has ended: no release and no security fix comes after March 2026'
        : `the project has ended in March 2026; this is a build of ${build.maker}, and whether that one is still patched is not seen from here`;
  return [
    risk({
      code: 'nginx-eol',
      severity: over ? 'warning' : 'info',
      hop: 'security',
      subject: facts.ref,
      title: over
        ? `Controller ${name} gets no more security fixes: ingress-nginx has ended`
        : `Controller ${name} is a build of ingress-nginx, which has ended`,
      detail: `${name} runs ingress-nginx${build.version === '' ? '' : ` ${build.version}`}: ${says}`,
      evidence: [imageEvidence(facts)],
      fix: {
        summary: over
          ? WAYS_OUT
          : `Check until when ${build.maker} patches it, and plan the move to a maintained controller.`,
        look: [facts.look],
        managedBy: managedBy(workload),
      },
    }),
  ];
}

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
    )}${nightmare ? '; its admission webhook is in use, so pods need no permission for the first' : ''}`,
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

/** The same image with another release as its tag; null where a digest or another kind of tag pins it. */
function upgraded(image: string, release: string): string | null {
  const { tag } = parseImage(image);
  if (image.includes('@') || !/^v?\d+\.\d+\.\d+$/.test(tag)) return null;
  return `${image.slice(0, image.length - tag.length)}${tag.startsWith('v') ? 'v' : ''}${release}`;
}

/** `nginx-core-cve`: holes of NGINX itself that upstream will never rebuild for; what they need stands in rewrites and snippets. */
export function nginxCoreAdvisories(read: Reader, unit: ControllerUnit): readonly Found[] {
  const facts = read.reached(NGINX_END_OF_LIFE) ? nginxOf(read, unit) : null;
  if (facts?.build.origin !== 'upstream') return [];
  const { name } = facts.workload;
  const served = members(read, 'ingresses-with-captures', '').find((key) =>
    read.query(serving, key).controllers.includes(unit.id),
  );
  const severity: Severity = served === undefined ? 'warning' : 'degraded';
  return [
    risk({
      code: 'nginx-core-cve',
      severity,
      hop: 'security',
      subject: facts.ref,
      cause: findingId('nginx-eol', facts.ref),
      title: `Controller ${name} runs an NGINX with holes that nobody mends`,
      detail: `every build of ingress-nginx carries NGINX 1.27.1 or older, which is open to ${NGINX_CORE_ADVISORIES.join(', ')}, depending on the configuration${served === undefined ? '; no Ingress that it serves rewrites with captures or brings snippets' : `; Ingress ${served} rewrites with captures or brings a snippet, which is such a configuration`}`,
      evidence: [imageEvidence(facts)],
      fix: { summary: WAYS_OUT, look: [facts.look], managedBy: managedBy(facts.workload) },
    }),
  ];
}
