import {
  AKS_SUPPORT_ENDS,
  NGINX_CORE_ADVISORIES,
  NGINX_END_OF_LIFE,
} from '@/lib/controllers/nginx-advisories';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { findingId } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { imageEvidence, nginxOf, WAYS_OUT } from '@/lib/diagnosis/nginx-facts';
import { risk } from '@/lib/diagnosis/risk';
import type { Reader } from '@/lib/state/cells';
import type { Severity } from '@/lib/topology/model';
import { members } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';

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
