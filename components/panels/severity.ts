import type { Finding, Status } from '@/lib/topology/model';

/** The status whose colour and mark a finding wears. */
export function findingStatus(finding: Pick<Finding, 'severity' | 'state'>): Status {
  if (finding.state === 'unknown') return 'unknown';
  return finding.severity === 'info' ? 'pending' : finding.severity;
}
