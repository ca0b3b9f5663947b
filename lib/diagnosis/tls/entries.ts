/** The TLS entries of an Ingress with the rules that each is for. */
import type { Ingress } from '@/lib/kube/objects';
import { anyCovers } from '@/lib/topology/host-names';
import type { Rule } from '@/lib/topology/rules';

export interface EntryRules {
  /** Its place in `spec.tls`. */
  readonly at: number;
  readonly secretName: string;
  /** As written; empty: the controller's wildcard. */
  readonly named: readonly string[];
  readonly rules: readonly Rule[];
  /** Whether some rule has a host of its own here; else nobody asks for the hosts that it names. */
  readonly serves: boolean;
  /** Hosts that its certificate is to serve: those of its rules, else those that it names. */
  readonly hosts: readonly string[];
}

/** Whether a TLS entry names a host: equal, or a wildcard for exactly one label; no hosts means the controller's wildcard. */
export function namesHost(named: readonly string[], host: string): boolean {
  return named.length === 0 || anyCovers(named, host);
}

/** All entries, in the order of the spec. */
export function entriesOf(ingress: Ingress, rules: readonly Rule[]): readonly EntryRules[] {
  return ingress.tls.map((entry, at) => {
    const own = rules.filter((rule) => !rule.isDefault && namesHost(entry.hosts, rule.host));
    const hosts = [...new Set(own.map((rule) => rule.host))].filter((host) => host !== '');
    return {
      at,
      secretName: entry.secretName,
      named: entry.hosts,
      // A host that no rule names is served by whatever the Ingress has: its default backend, or nothing of its own.
      rules: own.length > 0 ? own : rules,
      serves: own.length > 0,
      hosts: hosts.length > 0 ? hosts : entry.hosts,
    };
  });
}
