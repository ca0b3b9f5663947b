import type { ControllerUnit, Found, IngressUnit } from '@/lib/diagnosis/check';
import { controllerRef, logsCommand } from '@/lib/diagnosis/controller-parts';
import { type Draft, draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { type ReloadState, reloadState } from '@/lib/diagnosis/reload-state';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';

/** `controller-reload-failed` at the controller itself: it goes on serving, but what has changed since is not live. */
export function reloadFailed(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const state = read.query(reloadState, id);
  return state.failing ? [{ draft: reloadDraft(read, controller, state), status: 'degraded' }] : [];
}

/** The same at every Ingress that it serves: whether the rules are the live ones is not known. */
export function notConfirmed(read: Reader, { served, controller }: IngressUnit): readonly Found[] {
  if (!controller || !served.controllers.includes(controller.id)) return [];
  const state = read.query(reloadState, controller.id);
  return state.failing
    ? [{ draft: reloadDraft(read, controller, state), status: 'unknown', at: 'serves' }]
    : [];
}

function reloadDraft(read: Reader, controller: Controller, state: ReloadState): Draft {
  const subject = controllerRef(read, controller);
  return draft({
    code: 'controller-reload-failed',
    severity: 'degraded',
    hop: 'controller',
    subject,
    title: `Controller ${controller.name} serves an old configuration: its reload fails`,
    detail: `live configuration not confirmed: changes since the first failure are not live; it says: ${state.words}`,
    evidence: state.evidence.slice(0, 5),
    fix: {
      summary:
        'Mend or remove the Ingress or the setting that the message names; until then nothing new goes live.',
      look: [
        logsCommand(controller),
        sh`kubectl -n ${controller.namespace} get events --field-selector reason=RELOAD`,
      ],
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: state.since,
  });
}
