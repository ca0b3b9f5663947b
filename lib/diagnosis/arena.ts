import type { Dialect } from '@/lib/routing/dialect';
import type { RoutedRule } from '@/lib/routing/order';
import type { HostRule } from '@/lib/topology/hosts';

/** A rule as candidates for one host's requests are compared. */
export interface Contender extends RoutedRule {
  readonly at: HostRule;
  /** Equal for equal backends. */
  readonly backend: string;
}

/** Rules of one host that one controller weighs against each other. */
export interface Arena {
  readonly dialect: Dialect;
  /** ingress-nginx reads every path of the host as an expression. */
  readonly regexMode: boolean;
  readonly contenders: readonly Contender[];
}
