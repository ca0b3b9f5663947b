import { configMapRefs } from '@/lib/controllers/config-maps';
import { effectiveSettings } from '@/lib/controllers/effective-settings';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import type { ControllerDetail } from '@/lib/topology/details';
import { configMapFact, object } from '@/lib/topology/reads';
import { configMapState, controllerWorkload } from './controller-parts';
import { editFacts, withEdits } from './edit-facts';

/** What is in force at a controller, for the inspector; nothing where its arguments are not seen. */
export function settingsOf(
  read: Reader,
  controller: Controller,
): Pick<ControllerDetail, 'settings' | 'settingsUnknown' | 'edits'> {
  const workload = controllerWorkload(read, controller);
  if (!workload) return {};
  const keys = configMapRefs(workload)
    .filter(({ role }) => role === 'settings')
    .map(({ key }) => key);
  const unseen = keys.filter((key) => configMapState(read, key) === 'unknown');
  const configMaps = keys.flatMap((key) => object(read, 'configmaps', key) ?? []);
  const why = unseen.map((key) => `ConfigMap ${key}: ${configMapFact(read, key)?.reason || 'not read yet'}`);
  return {
    settings: effectiveSettings({
      type: controller.type,
      workload,
      configMaps,
      incomplete: unseen.length > 0,
    }),
    settingsUnknown: why.join('; '),
    ...withEdits([
      ...editFacts(workload.kind, workload),
      ...configMaps.flatMap((configMap) => editFacts('ConfigMap', configMap)),
    ]),
  };
}
