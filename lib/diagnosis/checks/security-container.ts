import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { listed, risk } from '@/lib/diagnosis/risk';
import type { Reader } from '@/lib/state/cells';

/** What is said outright; where nothing is said the image decides, which is not seen. */
function powers({ workload, container }: ControllerFacts): readonly (readonly [string, string])[] {
  const { security } = container;
  const added = security.addedCapabilities.filter((name) => name !== 'NET_BIND_SERVICE');
  const found: (readonly [string, string] | null)[] = [
    security.privileged ? ['privileged', 'true'] : null,
    security.runAsUser === 0 && security.runAsNonRoot !== true ? ['runAsUser', '0'] : null,
    security.allowPrivilegeEscalation === true ? ['allowPrivilegeEscalation', 'true'] : null,
    added.length > 0 ? ['capabilities.add', added.join(', ')] : null,
    workload.hostNetwork ? ['hostNetwork', 'true'] : null,
  ];
  return found.filter((power) => power !== null);
}

/** `controller-privileged`: it may do more on its node than take connections; NET_BIND_SERVICE alone is what it needs. */
export function privileged(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  const found = facts ? powers(facts) : [];
  if (!facts || found.length === 0) return [];
  const { name } = facts.workload;
  return [
    risk({
      code: 'controller-privileged',
      severity: 'info',
      hop: 'security',
      subject: facts.ref,
      title: `Controller ${name} may do more than it needs`,
      detail: `${name} asks for ${listed(
        found.map(([field, value]) => `${field}: ${value}`),
        5,
      )}: whoever gets into it from outside gets that too`,
      evidence: found.map(([field, value]) => evidence(facts.ref, `spec.template.spec … ${field}`, value)),
      fix: {
        summary:
          'Drop all capabilities but NET_BIND_SERVICE and run it as another user than root; hostNetwork only where nothing else brings traffic in.',
        look: [facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}
