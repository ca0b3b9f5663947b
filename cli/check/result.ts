/* What a check of a cluster or of manifests has found. */
import type { Coverage, Finding, Severity, Status } from '@/lib/topology/model';

/** Where an object stands. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Located {
  readonly finding: Finding;
  readonly place: Place | null;
}

export interface CheckedRule {
  /** `HOST/PATH`. */
  readonly name: string;
  readonly namespace: string;
  readonly status: Status;
  readonly findings: readonly string[];
}

export interface CheckResult {
  /** Paths, or the cluster's name. */
  readonly what: string;
  readonly findings: readonly Located[];
  readonly rules: readonly CheckedRule[];
  /** What could not be seen. */
  readonly unseen: readonly Coverage[];
  /** What was taken for granted. */
  readonly notes: readonly string[];
}

export const SEVERITIES: readonly Severity[] = ['broken', 'degraded', 'warning', 'info'];

/** The findings that reach the threshold: open, bad enough, and of an impact that counts. */
export function failing(
  { findings }: CheckResult,
  failOn: Severity | 'never',
  impact: 'traffic' | 'all',
): readonly Located[] {
  if (failOn === 'never') return [];
  const worst = SEVERITIES.indexOf(failOn);
  return findings.filter(
    ({ finding }) =>
      finding.state === 'open' &&
      SEVERITIES.indexOf(finding.severity) <= worst &&
      (impact === 'all' || finding.impact === 'traffic'),
  );
}
