/* The result as JSON: findings as the API gives them, with the place of their object. */
import type { CheckResult } from './result';

/** One JSON document. `failed`: something reaches the threshold. */
export function jsonReport({ what, findings, rules, unseen, notes }: CheckResult, failed: boolean): string {
  const list = findings.map(({ finding, place }) => ({ ...finding, place }));
  return JSON.stringify({ what, failed, rules, findings: list, unseen, notes }, null, 2);
}
