import type { Found } from '@/lib/diagnosis/check';
import { evidence, type Verdict } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { byNamespace, counted, listed, namespaceRef, refsOf, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { gatewayBlockers, NGINX_PREFIX, oddLimits } from '@/lib/topology/annotation-marks';
import { members, object } from '@/lib/topology/reads';

type Said = Pick<Verdict, 'code' | 'title' | 'detail' | 'evidence'> & { readonly mend: string };

/** The hint about the Ingresses of one namespace that stand under an index. */
function hintQuery(
  index: 'ingresses-with-odd-limits' | 'ingresses-without-gateway',
  say: (ingresses: readonly Ingress[], namespace: string) => Said,
): Query<Found> {
  return {
    name: `hint-${index}`,
    level: 8,
    compute: (read, namespace) => {
      const keys = members(read, index, namespace);
      const ingresses = keys.flatMap((key) => object(read, 'ingresses', key) ?? []);
      const { mend, ...said } = say(ingresses, namespace);
      const [first] = ingresses;
      return risk({
        ...said,
        severity: 'info',
        hop: 'best-practice',
        subject: namespaceRef(read, namespace),
        related: refsOf(read, 'ingresses', keys),
        fix: {
          summary: mend,
          look: [sh`kubectl -n ${namespace} get ingress ${first?.name ?? ''} -o yaml`],
          managedBy: first ? managedBy(first) : null,
        },
      });
    },
  };
}

const refTo = ({ namespace, name, uid }: Ingress) => refOf('ingresses', namespace, name, uid);

const timeouts = hintQuery('ingresses-with-odd-limits', (ingresses, namespace) => {
  const said = (ingress: Ingress) => oddLimits(ingress).map(([name, value]) => `${name}: ${value}`);
  return {
    code: 'service-sub-minimum-timeouts',
    title: `Limits of ${counted(ingresses.length, 'Ingress', 'Ingresses')} in namespace ${namespace} are unusual`,
    detail: `${listed(ingresses.map((ingress) => `${ingress.name} (${said(ingress).join(', ')})`))}: a read timeout under 5 seconds cuts slow answers with 504, and a body size of 0 lets anybody upload without end`,
    evidence: ingresses
      .slice(0, 3)
      .flatMap((ingress) =>
        oddLimits(ingress).map(([name, value]) =>
          evidence(refTo(ingress), `metadata.annotations["${NGINX_PREFIX}${name}"]`, value),
        ),
      ),
    mend: 'Set what the application needs: somewhat more than its slowest answer, and its largest upload.',
  };
});

const blockers = hintQuery('ingresses-without-gateway', (ingresses, namespace) => {
  const names = [...new Set(ingresses.flatMap(gatewayBlockers))].sort();
  return {
    code: 'gateway-migration-blockers',
    title: `${counted(ingresses.length, 'Ingress', 'Ingresses')} in namespace ${namespace} will not move to the Gateway API as ${ingresses.length === 1 ? 'it is' : 'they are'}`,
    detail: `${listed(names, 8)} (on ${listed(ingresses.map(({ name }) => name))}): the standard channel of the Gateway API has nothing for it, so ingress2gateway leaves it out; implementations have policies of their own`,
    evidence: ingresses
      .slice(0, 3)
      .map((ingress) =>
        evidence(refTo(ingress), 'metadata.annotations', gatewayBlockers(ingress).join(', ')),
      ),
    mend: 'Before moving, choose an implementation with a policy for each of them, or do without.',
  };
});

/**
 * `service-sub-minimum-timeouts`, one for each namespace: proxy-read-timeout below 5 seconds, or no limit on bodies at all.
 * What an application needs is not seen, so nothing else is said to be too little.
 */
export function oddTimeouts(read: Reader): readonly Found[] {
  const spread = byNamespace(members(read, 'ingresses-with-odd-limits', ''));
  return spread.map(([namespace]) => read.query(timeouts, namespace));
}

/** `gateway-migration-blockers`, one for each namespace: annotations that the Gateway API has nothing for in its standard channel. */
export function gatewayMigration(read: Reader): readonly Found[] {
  const spread = byNamespace(members(read, 'ingresses-without-gateway', ''));
  return spread.map(([namespace]) => read.query(blockers, namespace));
}
