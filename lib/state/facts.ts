/** What probes saw, and what we may not see: the inputs of a build that are not Kubernetes objects. */

export type DnsOutcome = 'ok' | 'nxdomain' | 'nodata' | 'servfail' | 'timeout' | 'refused' | 'error';

/** What one DNS server (a point of view) answered for one name. */
export interface DnsAnswer {
  readonly server: string;
  readonly outcome: DnsOutcome;
  /** Final addresses after the CNAME chain, sorted. */
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  /** Names passed through, lower case, without trailing dot, in order. */
  readonly cnames: readonly string[];
  /** Seconds that a cache may keep this; 0 when unknown. */
  readonly ttl: number;
  /** Epoch ms of the observation. Not compared: a repeated equal answer is no change. */
  readonly at: number;
}

/** Answers of all points of view for one name, in the order of the configured servers. */
export interface DnsFact {
  readonly name: string;
  readonly answers: readonly DnsAnswer[];
}

/** Whether a Secret exists, where Secrets are asked for by name rather than watched. */
export interface SecretFact {
  readonly state: 'present' | 'missing' | 'unreadable';
  readonly reason: string;
}
