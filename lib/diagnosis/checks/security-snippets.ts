import { readBoolean } from '@/lib/controllers/arguments';
import { nginxBuild, versionNumbers } from '@/lib/controllers/nginx-advisories';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import {
  type ControllerFacts,
  controllerFacts,
  type Settings,
  settingsOf,
} from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { leadController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { byNamespace, counted, listed, namespaceRef, refsOf, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { snippetAnnotations } from '@/lib/topology/annotation-marks';
import { members, object } from '@/lib/topology/reads';

/**
 * Whether ingress-nginx takes snippets: `allow-snippet-annotations` (default false since 1.9.0, true before), and since 1.12
 * only with `annotations-risk-level: Critical` (default High). Null: not known. docs/user-guide/nginx-configuration/configmap.md.
 */
export function snippetsAllowed(facts: ControllerFacts, { data }: Settings): boolean | null {
  const labels = { ...facts.workload.templateLabels, ...facts.workload.labels };
  const numbers = versionNumbers(nginxBuild(facts.container.image, labels).version);
  // Builds numbered by date tell nothing of the defaults.
  const line = numbers && numbers[0] < 100 ? numbers[0] * 1000 + numbers[1] : null;
  const allowed =
    data['allow-snippet-annotations'] ?? (line === null ? null : line < 1009 ? 'true' : 'false');
  if (allowed === null) return null;
  if (allowed !== 'true') return false;
  if (line === null) return data['annotations-risk-level'] === 'Critical' ? true : null;
  return line < 1012 || data['annotations-risk-level'] === 'Critical';
}

/** `controller-snippets-allowed`: whoever may write an Ingress writes the controller's configuration. */
export function snippetsOpen(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  const settings = facts && settingsOf(read, facts, 'configmap');
  if (!facts || !settings || snippetsAllowed(facts, settings) !== true) return [];
  const { name, namespace } = facts.workload;
  const { data, ref } = settings;
  const said = data['allow-snippet-annotations'];
  return [
    risk({
      code: 'controller-snippets-allowed',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      related: ref ? [ref] : [],
      title: `Controller ${name} takes configuration snippets from any Ingress`,
      detail: `${name} allows snippet annotations${said === undefined ? ' by the default of its version' : ''}: whoever may write an Ingress can read what the controller reads, every TLS key among it`,
      evidence: [evidence(ref, 'data.allow-snippet-annotations', said ?? 'not set')],
      fix: {
        summary:
          'Set allow-snippet-annotations to false, and leave annotations-risk-level at High or lower, once no Ingress needs a snippet.',
        look: ref ? [sh`kubectl -n ${ref.namespace} get configmap ${ref.name} -o yaml`] : [facts.look],
        change: ref
          ? [
              sh`kubectl -n ${ref.namespace} patch configmap ${ref.name} --type merge -p ${'{"data":{"allow-snippet-annotations":"false"}}'}`,
            ]
          : [],
        managedBy: managedBy(
          object(read, 'configmaps', objectKey(ref?.namespace ?? namespace, ref?.name ?? '')) ??
            facts.workload,
        ),
      },
    }),
  ];
}

/** `controller-annotation-validation-off`: `--enable-annotation-validation=false` (pkg/flags, on by default). */
export function validationOff(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  if (!facts || readBoolean(facts.args, 'enable-annotation-validation', true) !== false) return [];
  const { name } = facts.workload;
  return [
    risk({
      code: 'controller-annotation-validation-off',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      title: `Controller ${name} does not check annotations`,
      detail: `${name} runs with --enable-annotation-validation=false: values of annotations get into its configuration unchecked`,
      evidence: [
        evidence(
          facts.ref,
          `spec.template.spec.containers[${facts.container.name}].args`,
          '--enable-annotation-validation=false',
        ),
      ],
      fix: {
        summary: 'Take the flag away: the check is on by default.',
        look: [facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}

type Use = 'live' | 'ignored' | 'unknown';

/** What becomes of the snippets of an Ingress (key `NS/NAME`). */
const snippetUse: Query<Use> = {
  name: 'snippet-use',
  level: 7,
  compute: (read, key) => {
    const facts = controllerFacts(read, leadController(read, key));
    if (facts?.controller.type !== 'ingress-nginx') return 'unknown';
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
        title: `Snippets of ${count} in ${namespace} are ignored`,
        detail: `${names}: the controller does not allow snippets, so what they say (limits, headers, access rules) does not hold`,
      }
    : {
        title: `${count} in ${namespace} ${keys.length === 1 ? 'brings' : 'bring'} snippets of configuration`,
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
