/** A cluster that gets no traffic at all (standby, blue/green): most hosts lead to the same foreign addresses. */
import type { Query } from '@/lib/state/cells';
import { members } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { dnsVerdict } from './dns-verdict';

const FEWEST = 3;

export interface Standby {
  /** The foreign addresses that most hosts share, joined; null when there are none. */
  readonly addresses: string | null;
  readonly hosts: number;
  readonly of: number;
}

/** Whether this cluster does not receive the traffic of most of its hosts (TRUTH "DNS"). */
export const standby: Query<Standby> = {
  name: 'standby',
  level: 6,
  compute: (read) => {
    const hosts = new Set(
      members(read, 'ingresses-all', '').flatMap((key) =>
        read.query(ingressRules, key).map((rule) => rule.host),
      ),
    );
    const counts = new Map<string, number>();
    let judged = 0;
    for (const host of hosts) {
      const verdict = read.query(dnsVerdict, host);
      if (verdict.state === 'not-asked' || verdict.state === 'cold') continue;
      judged++;
      if (verdict.state === 'elsewhere')
        counts.set(verdict.foreign.join(', '), (counts.get(verdict.foreign.join(', ')) ?? 0) + 1);
    }
    const [addresses, count] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [
      null,
      0,
    ];
    if (count < FEWEST || count * 2 <= judged) return { addresses: null, hosts: 0, of: 0 };
    return { addresses, hosts: count, of: judged };
  },
};
