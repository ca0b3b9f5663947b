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
import { managedBy } from '@/lib/diagnosis/managed-by';
import { risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { object } from '@/lib/topology/reads';

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
