/**
 * How checks are plugged in. A check looks at one unit (an Ingress, a Service, a controller, a host, or the cluster as a
 * whole) and says what it found there; `lib/diagnosis/checks` has one file for each family, and `registry.ts` lists them.
 */
import type { Ingress, Service } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import type { HostRule } from '@/lib/topology/hosts';
import type { Status } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';
import type { Serving } from '@/lib/topology/serving';
import type { BackendWorkload } from './backend-workloads';
import { type Draft, draft } from './draft';

/** One finding with what it does to the drawing. */
export interface Found {
  readonly draft: Draft;
  /** What the unit is at least to be painted; absent: it keeps its colour, as with every risk. */
  readonly status?: Status;
  /** Of an Ingress' check: ids of the rules concerned; absent: all of them. */
  readonly rules?: readonly string[];
  /**
   * Of an Ingress' check, where the fault is drawn beside the rule itself: on its way to the backend (`route`), or on the
   * controller's to it (`serves`).
   */
  readonly at?: 'rule' | 'route' | 'serves';
}

export interface Check<U> {
  readonly name: string;
  readonly run: (read: Reader, unit: U) => readonly Found[];
}

export interface IngressUnit {
  /** `NS/NAME`. */
  readonly key: string;
  readonly ingress: Ingress;
  readonly rules: readonly Rule[];
  readonly served: Serving;
  /** Whose answers a user gets; undefined when nobody serves it. */
  readonly controller: Controller | undefined;
}

export interface ServiceUnit {
  readonly key: string;
  readonly service: Service;
  /** Rules that some controller serves and that lead here. */
  readonly live: readonly HostRule[];
  /** Exposed by itself, and not a controller's. */
  readonly direct: boolean;
}

export interface ControllerUnit {
  readonly id: string;
  readonly controller: Controller;
}

export interface HostUnit {
  /** Empty: every host. */
  readonly host: string;
  readonly rules: readonly HostRule[];
}

/** A namespace that has Ingresses or policies: what would else be said of most of its workloads is said once. */
export interface NamespaceUnit {
  readonly namespace: string;
  /** Those with something to tell among the ones whose pods a live rule of this namespace leads to. */
  readonly workloads: readonly BackendWorkload[];
}

/** Told how long it took (ms, with what was asked for there first) while somebody measures. */
export const checkClock: {
  /** One check at one unit. To ask the time so often costs too: what all take together is told by `onUnit`. */
  onRun: ((check: string, ms: number) => void) | null;
  /** All checks of one unit. */
  onUnit: ((ms: number) => void) | null;
} = { onRun: null, onUnit: null };

/** Runs checks over a unit. One that throws is a finding that names it; the others go on. */
export function runChecks<U>(
  read: Reader,
  checks: readonly Check<U>[],
  unit: U,
  name: string,
): readonly Found[] {
  const found: Found[] = [];
  const { onRun, onUnit } = checkClock;
  const start = onUnit ? performance.now() : 0;
  for (const check of checks) {
    const began = onRun ? performance.now() : 0;
    try {
      const told = check.run(read, unit);
      // Nearly always nothing, a million times in a big cluster.
      if (told.length > 0) found.push(...told);
    } catch (error) {
      found.push({ draft: failedDraft(`${check.name} ${name}`.trim(), name, error) });
    }
    onRun?.(check.name, performance.now() - began);
  }
  onUnit?.(performance.now() - start);
  return found;
}

/** The finding that stands for a check that threw. */
export function failedDraft(check: string, unit: string, error: unknown): Draft {
  return draft({
    code: 'check-failed',
    severity: 'warning',
    state: 'unknown',
    hop: 'rule',
    subject: {
      group: '',
      version: '',
      resource: '',
      kind: 'Check',
      namespace: '',
      name: check,
    },
    title: `${check.split(' ')[0]} could not be judged for ${unit || 'the cluster'}`,
    detail: error instanceof Error ? error.message : String(error),
    fix: {
      summary:
        'This is a fault of the dashboard, not of your cluster: please report it with the object concerned.',
    },
  });
}
