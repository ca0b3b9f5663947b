import type { Condition, ContainerState, Pod } from '@/lib/kube/objects';
import { condition, containerSpecs, isSidecar, LONGEST_MESSAGE } from './containers';
import type { Interner } from './interner';
import { meta } from './meta';
import { cut, fitted, flag, list, numberOr, type Raw, record, text, time } from './raw';

/** Per-pod notes of CNIs and injectors are long, unique and not judged. */
const LONGEST_POD_ANNOTATION = 200;
const BASIC_CONDITIONS = new Set(['PodScheduled', 'Ready', 'ContainersReady']);
const NONE: readonly never[] = Object.freeze([]);

function waitingOf(state: Raw): ContainerState['waiting'] {
  if (typeof state.waiting !== 'object' || state.waiting === null) return null;
  const waiting = record(state.waiting);
  return { reason: text(waiting.reason), message: cut(text(waiting.message), LONGEST_MESSAGE) };
}

function terminatedOf(status: Raw): ContainerState['terminated'] {
  for (const state of [record(status.state), record(status.lastState)]) {
    if (typeof state.terminated !== 'object' || state.terminated === null) continue;
    const raw = record(state.terminated);
    return {
      reason: text(raw.reason),
      exitCode: numberOr(raw.exitCode, 0),
      at: time(raw.finishedAt),
      message: cut(text(raw.message), LONGEST_MESSAGE),
    };
  }
  return null;
}

function stateOf(status: Raw): ContainerState {
  return {
    name: text(status.name),
    ready: flag(status.ready),
    restarts: numberOr(status.restartCount, 0),
    waiting: waitingOf(record(status.state)),
    terminated: terminatedOf(status),
  };
}

/** Init containers that are done say nothing any more; one that waits, runs or failed holds the pod up. */
function holdsUp(status: Raw, sidecars: ReadonlySet<string>): boolean {
  const { terminated } = record(status.state);
  return sidecars.has(text(status.name)) || terminated === undefined || record(terminated).exitCode !== 0;
}

function states(spec: Raw, status: Raw, interner: Interner): readonly ContainerState[] {
  const found = list(status.containerStatuses).map((entry) => stateOf(record(entry)));
  const inits = list(status.initContainerStatuses);
  if (inits.length > 0) {
    const sidecars = new Set(
      list(spec.initContainers)
        .map(record)
        .filter(isSidecar)
        .map((init) => text(init.name)),
    );
    for (const entry of inits) if (holdsUp(record(entry), sidecars)) found.push(stateOf(record(entry)));
  }
  if (found.length === 0) return NONE;
  // Waits and terminations carry the pod's own name or time: they would fill the interner and never match.
  const plain = found.every((state) => state.waiting === null && state.terminated === null);
  return plain ? interner.value('states', found) : fitted(found);
}

function gates(spec: Raw, interner: Interner): readonly string[] {
  const found = list(spec.readinessGates).map((entry) => text(record(entry).conditionType));
  return found.length === 0 ? NONE : interner.value('gates', found);
}

/** Since when a pod is scheduled, or its containers ready, nobody judges while it is so: without the time all pods share it. */
export function judgedCondition(found: Condition, interner: Interner): Condition {
  const isPlain =
    found.status === 'True' && (found.type === 'PodScheduled' || found.type === 'ContainersReady');
  return isPlain ? interner.value(found.type, { ...found, since: null }) : found;
}

function conditions(
  status: Raw,
  readinessGates: readonly string[],
  interner: Interner,
): readonly Condition[] {
  const found: Condition[] = [];
  for (const entry of list(status.conditions)) {
    const type = text(record(entry).type);
    if (BASIC_CONDITIONS.has(type) || readinessGates.includes(type))
      found.push(judgedCondition(condition(entry, interner), interner));
  }
  return fitted(found);
}

function ips(status: Raw): readonly string[] {
  const all: string[] = [];
  for (const entry of list(status.podIPs)) {
    const ip = text(record(entry).ip);
    if (ip !== '') all.push(ip);
  }
  if (all.length > 0) return fitted(all);
  const single = text(status.podIP);
  return single === '' ? NONE : [single];
}

/** A Pod; `states` holds its containers' and, while they hold the pod up, its init containers'. */
export function projectPod(raw: Raw, interner: Interner): Pod | null {
  const common = meta(raw, interner, LONGEST_POD_ANNOTATION);
  if (common === null) return null;
  const spec = record(raw.spec);
  const status = record(raw.status);
  const readinessGates = gates(spec, interner);
  // Written out: a spread puts the fields outside the object, and there are 50,000 of these.
  return {
    namespace: common.namespace,
    name: common.name,
    uid: common.uid,
    created: common.created,
    deleting: common.deleting,
    labels: common.labels,
    annotations: common.annotations,
    owner: common.owner,
    ips: ips(status),
    node: interner.text(text(spec.nodeName)),
    hostNetwork: flag(spec.hostNetwork),
    phase: interner.text(text(status.phase)),
    containers: containerSpecs(spec, interner),
    states: states(spec, status, interner),
    conditions: conditions(status, readinessGates, interner),
    readinessGates,
  };
}
