/* The arithmetic of a rolling update: how large each ReplicaSet may be now. Pure. */
import type { Deployment } from './shapes';

export interface RolloutState {
  readonly desired: number;
  readonly newSize: number;
  readonly newAvailable: number;
  /** Old ReplicaSets, oldest first. */
  readonly old: readonly { readonly name: string; readonly size: number; readonly available: number }[];
  /** Pods of old ReplicaSets that still exist, terminating ones too. */
  readonly oldPods: number;
}

export interface RolloutPlan {
  readonly newSize: number;
  readonly oldSizes: ReadonlyMap<string, number>;
}

/** The next sizes of the ReplicaSets under the Deployment's strategy. */
export function planRollout(spec: Deployment['spec'], state: RolloutState): RolloutPlan {
  if (spec.strategy?.type === 'Recreate') {
    const oldSizes = new Map(state.old.map((set) => [set.name, 0]));
    return { newSize: state.oldPods === 0 ? state.desired : state.newSize, oldSizes };
  }
  const surge = resolve(spec.strategy?.rollingUpdate?.maxSurge ?? '25%', state.desired, Math.ceil);
  let unavailable = resolve(spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%', state.desired, Math.floor);
  if (surge === 0 && unavailable === 0) unavailable = 1;
  const oldTotal = sum(state.old.map((set) => set.size));
  const room = Math.max(0, state.desired + surge - oldTotal - state.newSize);
  const newSize =
    state.newSize >= state.desired ? state.desired : Math.min(state.desired, state.newSize + room);
  return { newSize, oldSizes: shrinkOld(state, oldTotal, state.desired - unavailable) };
}

function shrinkOld(state: RolloutState, oldTotal: number, minimum: number): Map<string, number> {
  const newMissing = state.newSize - state.newAvailable;
  let budget = Math.max(0, oldTotal + state.newSize - minimum - newMissing);
  const sizes = new Map(state.old.map((set) => [set.name, set.size]));
  const take = (name: string, most: number): void => {
    const size = sizes.get(name) ?? 0;
    const taken = Math.min(size, most, budget);
    sizes.set(name, size - taken);
    budget -= taken;
  };
  // Broken old pods first: they serve nobody and cost nothing to lose.
  for (const set of state.old) take(set.name, Math.max(0, set.size - set.available));
  let spare = Math.max(0, sum(state.old.map((set) => set.available)) + state.newAvailable - minimum);
  for (const set of state.old) {
    const before = sizes.get(set.name) ?? 0;
    take(set.name, spare);
    spare -= before - (sizes.get(set.name) ?? 0);
  }
  return sizes;
}

function resolve(value: number | string, total: number, round: (x: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseFloat(value) * total) / 100) : Number(value) || 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
