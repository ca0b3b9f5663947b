// What every part of the server works with.
import type { Admission } from './admission/admission';
import type { AppliedConfigurations } from './apply';
import type { Authenticator } from './auth';
import type { ContinueTokens } from './continue-tokens';
import type { Faults } from './faults';
import type { Authorizer } from './rbac';
import type { KubeObject, Storage } from './storage';
import type { WatchHub } from './watch-hub';

export type LogRequest = {
  tail: number | undefined;
  previous: boolean;
  follow: boolean;
  container: string | undefined;
  sinceSeconds: number | undefined;
  timestamps: boolean;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
};

/** Lines of a pod's log: a list, or a stream of lines for `follow`. */
export type LogSource = (pod: KubeObject, request: LogRequest) => Iterable<string> | AsyncIterable<string>;

export type Context = {
  storage: Storage;
  admission: Admission;
  authenticator: Authenticator;
  authorizer: Authorizer;
  hub: WatchHub;
  tokens: ContinueTokens;
  faults: Faults;
  applied: AppliedConfigurations;
  logs: LogSource;
  now: () => number;
  /** Pods get a deletionTimestamp and stay until a controller removes them. */
  hasGracefulPods: boolean;
  isRaw: boolean;
  /** Makes an object's dependents independent of it. */
  orphan: (uid: string) => void;
  deleteNamespace: (name: string) => void;
  url: string;
};
