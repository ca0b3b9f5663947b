/** Whether a controller holds an old configuration because its reload fails (TRUTH "What must not stay green"). */

import { saying } from '@/lib/controllers/log-lines';
import { logPattern } from '@/lib/controllers/log-patterns';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import type { Evidence } from '@/lib/topology/model';
import { logFact } from '@/lib/topology/reads';
import { controllerPods, controllerRef } from './controller-parts';
import { evidence } from './draft';
import { eventsOf } from './events';

export interface ReloadState {
  readonly failing: boolean;
  /** What the controller says of it. */
  readonly words: string;
  readonly evidence: readonly Evidence[];
  /** Epoch ms of the first failure seen. */
  readonly since: number | null;
}

const FINE: ReloadState = { failing: false, words: '', evidence: [], since: null };
/** A failing reload is tried again at once; its event is held back to one in five minutes by client-go's spam filter. */
const EVENT_MS = 10 * 60_000;
const LOG_MS = 10 * 60_000;

/** By controller id; where neither its log nor its events may be read it is not failing as far as we know. */
export const reloadState: Query<ReloadState> = {
  name: 'reload-state',
  level: 5,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    if (!controller?.recognised) return FINE;
    const heard = [...fromLog(read, id, controller), ...fromEvents(read, controller)];
    if (heard.length === 0) return FINE;
    return {
      failing: true,
      words: [...new Set(heard.map((entry) => entry.words))].slice(0, 3).join(' '),
      evidence: heard.map((entry) => entry.evidence),
      since: Math.min(...heard.map((entry) => entry.since)),
    };
  },
};

interface Heard {
  readonly words: string;
  readonly evidence: Evidence;
  readonly since: number;
}

function fromLog(read: Reader, id: string, controller: Controller): readonly Heard[] {
  const ref = controllerRef(read, controller);
  return (logFact(read, id)?.complaints ?? [])
    .filter(
      ({ pattern, last }) => logPattern(pattern)?.family === 'reload-failed' && !read.reached(last + LOG_MS),
    )
    .map(({ line, first, last, pod }) => ({
      words: saying(line),
      evidence: evidence(ref, `log of ${pod}`, line, last),
      since: first,
    }));
}

/** ingress-nginx writes `RELOAD` on its pod (internal/ingress/controller/controller.go, syncIngress). */
function fromEvents(read: Reader, controller: Controller): readonly Heard[] {
  if (controller.type !== 'ingress-nginx') return [];
  return controllerPods(read, controller).flatMap((pod) =>
    eventsOf(read, 'Pod', pod.namespace, pod.name).flatMap((event): Heard[] => {
      const { last } = event;
      if (event.reason !== 'RELOAD' || last === null || read.reached(last + EVENT_MS)) return [];
      const ref = controllerRef(read, controller);
      const since = event.first ?? last;
      return [
        {
          words: saying(event.message),
          evidence: evidence(ref, `event RELOAD of ${pod.name}`, event.message, last),
          since,
        },
      ];
    }),
  );
}
