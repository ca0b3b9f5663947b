import type { Found } from '@/lib/diagnosis/check';
import { controllerFacts, settingsOf } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { leadController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { byNamespace, counted, listed, namespaceRef, refsOf, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import { splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { NGINX_PREFIX, snippetAnnotations } from '@/lib/topology/annotation-marks';
import { members, object } from '@/lib/topology/reads';
import { snippetsAllowed } from './security-snippets';

type Use = 'live' | 'ignored' | 'unknown';

/** What becomes of the snippets of an Ingress (key `NS/NAME`). */
const snippetUse: Query<Use> = {
  name: 'snippet-use',
  level: 7,
  compute: (read, key) => {
    const facts = controllerFacts(read, leadController(read, key));
    const ingress = object(read, 'ingresses', key);
    // Snippets of F5 are none of ingress-nginx'.
    const own = ingress && snippetAnnotations(ingress).some((name) => name.startsWith(NGINX_PREFIX));
    if (facts?.controller.type !== 'ingress-nginx' || !own) return 'unknown';
    const settings = settingsOf(read, facts, 'configmap');
    const allowed = settings && snippetsAllowed(facts, settings);
    return allowed === null ? 'unknown' : allowed ? 'live' : 'ignored';
  },
};

interface Group {
  readonly namespace: string;
  /** Of the Ingresses whose snippets are ignored, else of all that bring some. */
  readonly keys: readonly string[];
  readonly ignored: boolean;
}

function wording({ namespace, keys, ignored }: Group) {
  const count = counted(keys.length, 'Ingress', 'Ingresses');
  const names = listed(keys.map((key) => splitKey(key).name));
  return ignored
    ? {
        title: `Snippets of ${count} in namespace ${namespace} are ignored`,
        detail: `${names}: the controller does not allow snippets, so what they say (limits, headers, access rules) does not hold`,
      }
    : {
        title: `${count} in namespace ${namespace} ${keys.length === 1 ? 'brings' : 'bring'} snippets of configuration`,
        detail: `${names}: text that goes into the controller’s configuration unchecked, where a typo breaks every host`,
      };
}

function snippetFinding(read: Reader, group: Group): Found {
  const { namespace, keys, ignored } = group;
  const [key = ''] = keys;
  const first = object(read, 'ingresses', key);
  const [annotation = ''] = first ? snippetAnnotations(first) : [];
  const value = first?.annotations[annotation] ?? '';
  return risk({
    code: 'ingress-snippet-used',
    severity: ignored ? 'degraded' : 'warning',
    hop: 'security',
    subject: namespaceRef(read, namespace),
    related: refsOf(read, 'ingresses', keys),
    ...wording(group),
    evidence: refsOf(read, 'ingresses', [key]).map((ref) =>
      evidence(ref, `metadata.annotations["${annotation}"]`, value.slice(0, 120)),
    ),
    fix: {
      summary: 'Replace snippets by the annotation made for it, or by settings of the controller.',
      look: [sh`kubectl -n ${namespace} get ingress ${splitKey(key).name} -o yaml`],
      managedBy: first ? managedBy(first) : null,
    },
  });
}

/** `ingress-snippet-used`, one for each namespace: configuration by hand, or configuration that is silently left out. */
export function snippetsUsed(read: Reader): readonly Found[] {
  return byNamespace(members(read, 'ingresses-with-snippets', '')).map(([namespace, keys]) => {
    const ignored = keys.filter((key) => read.query(snippetUse, key) === 'ignored');
    return snippetFinding(read, {
      namespace,
      keys: ignored.length > 0 ? ignored : keys,
      ignored: ignored.length > 0,
    });
  });
}
