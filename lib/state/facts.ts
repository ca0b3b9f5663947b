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

/** Whether a Secret or ConfigMap exists, where it is asked for by name rather than watched. */
export interface SecretFact {
  readonly state: 'present' | 'missing' | 'unreadable';
  readonly reason: string;
}

/** What the API server tells of itself. */
export interface ServerFact {
  /** As in `v1.33.2`; empty where it does not say. */
  readonly version: string;
  /** Names of all API groups, sorted: which custom resources are installed. Null: discovery is refused. */
  readonly groups: readonly string[] | null;
}

/** One kind of complaint in a controller's log, counted over the lines that were read. */
export interface LogComplaint {
  /** Id of the pattern (`lib/controllers/log-patterns`). */
  readonly pattern: string;
  /** The object that the line names: `NS/NAME`, a host, or an address; empty where it names none. */
  readonly object: string;
  /** The newest such line, cut and without credentials. */
  readonly line: string;
  readonly pod: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** What the newest lines of a controller's pods say. */
export interface LogFact {
  readonly state: 'read' | 'unreadable';
  readonly reason: string;
  /** By pattern, then object. */
  readonly complaints: readonly LogComplaint[];
}

/** The last lines that a crashing container wrote, without credentials. */
export interface CrashFact {
  readonly state: 'read' | 'unreadable';
  readonly reason: string;
  readonly container: string;
  readonly lines: readonly string[];
}

/** Facts by their source, each under keys of its own. */
export interface Facts {
  /** By name. */
  readonly dns: DnsFact;
  /** By `NS/NAME`. */
  readonly secret: SecretFact;
  /** By `NS/NAME`: ConfigMaps that a controller refers to. */
  readonly configmap: SecretFact;
  /** Under the empty key. */
  readonly server: ServerFact;
  /** By controller id. */
  readonly log: LogFact;
  /** By `NS/NAME` of the pod. */
  readonly crash: CrashFact;
}
