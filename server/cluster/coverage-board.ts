import 'server-only';
import type { KindName } from '@/lib/kube/objects';
import type { ResourceCoverage, ResourceState } from '@/lib/state/change';
import type { HealthReport } from './watch-health';

/** The worse, the higher: one namespace that cannot be read makes the whole resource incomplete. */
const ORDER: readonly HealthReport['state'][] = ['watched', 'absent', 'forbidden', 'failing', 'pending'];

/** One verdict for each resource from all its watchers (one for each namespace where we are limited to some). */
export class CoverageBoard {
  readonly #reports = new Map<KindName, Map<string, HealthReport>>();
  readonly #published = new Map<KindName, ResourceCoverage>();
  readonly #onCoverage: (coverage: ResourceCoverage) => void;

  constructor(onCoverage: (coverage: ResourceCoverage) => void) {
    this.#onCoverage = onCoverage;
  }

  /** A watcher exists, and has nothing to say yet. */
  expect(resource: KindName, namespace: string): void {
    const reports = this.#reports.get(resource) ?? new Map<string, HealthReport>();
    this.#reports.set(resource, reports.set(namespace, { state: 'pending', reason: '', settled: false }));
  }

  report(resource: KindName, namespace: string, report: HealthReport): void {
    this.#reports.get(resource)?.set(namespace, report);
    const verdict = this.#verdict(resource);
    if (verdict !== null) this.publish({ resource, ...verdict });
  }

  /** Tells a resource's coverage where it has changed. */
  publish(coverage: ResourceCoverage): void {
    const last = this.#published.get(coverage.resource);
    if (last?.state === coverage.state && last.reason === coverage.reason) return;
    this.#published.set(coverage.resource, coverage);
    this.#onCoverage(coverage);
  }

  /** Every watcher has listed once, may not look, or has been failing long enough. */
  get settled(): boolean {
    for (const reports of this.#reports.values()) {
      for (const report of reports.values()) if (!report.settled) return false;
    }
    return true;
  }

  /** Whether all is settled but this. */
  isOnlyMissing(resource: KindName): boolean {
    for (const [other, reports] of this.#reports)
      for (const report of reports.values()) if (report.settled === (other === resource)) return false;
    return true;
  }

  all(): readonly ResourceCoverage[] {
    return [...this.#published.values()];
  }

  #verdict(resource: KindName): { readonly state: ResourceState; readonly reason: string } | null {
    const reports = [...(this.#reports.get(resource) ?? [])];
    const worst = ORDER.findLast((state) => reports.some(([, report]) => report.state === state));
    if (worst === undefined || worst === 'pending') return null;
    const concerned = reports.filter(([, { state }]) => state === worst);
    const reason = concerned[0]?.[1].reason ?? '';
    const some = reports.length > 1 && worst !== 'watched';
    return {
      state: worst,
      reason: some ? `in ${concerned.map(([namespace]) => namespace).join(', ')}: ${reason}` : reason,
    };
  }
}
