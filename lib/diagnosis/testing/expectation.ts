/** The document `kind: Expect` of a fixture: what goes in besides objects, and what must come out. */
import type { ResourceState } from '@/lib/state/change';
import type { Status } from '@/lib/topology/model';
import type { BuildConfig } from '@/lib/topology/reads';

/** What probes saw, and what may not be seen. Included files give defaults. */
export interface Inputs {
  /** Files whose objects come first, relative to this one. A later document of the same object is merged into it (see `mergePatch`). */
  readonly include?: readonly string[];
  /** `KIND/NS/NAME` of included objects that are not there. */
  readonly remove?: readonly string[];
  /** RFC 3339; default 2026-01-01T12:00:00Z. */
  readonly now?: string;
  /** For how many seconds we have been looking at this already; default an hour, so that hold times are over. */
  readonly seen?: number;
  /** Resource → state other than `watched`. */
  readonly coverage?: Readonly<Record<string, ResourceState | 'cold'>>;
  /** Name → server → addresses and CNAMEs (or an outcome word). */
  readonly dns?: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;
  /** `NS/NAME` → what asking for it by name gave. */
  readonly secrets?: Readonly<Record<string, 'present' | 'missing' | 'unreadable'>>;
  /** `NS/NAME` → what asking for it by name gave; one that stands among the objects is present. */
  readonly configmaps?: Readonly<Record<string, 'present' | 'missing' | 'unreadable'>>;
  /** `KIND/NS/NAME` of a controller → lines of its log, of a minute ago where they say no time; or that it may not be read. */
  readonly logs?: Readonly<Record<string, readonly string[] | 'unreadable'>>;
  /** `NS/NAME` of a pod → its last lines. */
  readonly crashes?: Readonly<Record<string, readonly string[] | 'unreadable'>>;
  /** What the API server tells of itself; absent: it has not been asked. */
  readonly server?: { readonly version?: string; readonly groups?: readonly string[] | null };
  readonly config?: Partial<BuildConfig>;
  readonly formerAddresses?: readonly string[];
}

/** A finding is meant by its id or its code; a node or edge by its id, a rule by `host/path`, an edge by `A → B` too. */
export interface Wanted {
  /** Findings that must be there, open and settled. */
  readonly findings?: readonly string[];
  /** The same, open and not settled yet. */
  readonly unsettled?: readonly string[];
  /** The same, with state unknown. */
  readonly unknown?: readonly string[];
  /** Findings that must not be open. */
  readonly closed?: readonly string[];
  /** Findings that must not be there in any state. */
  readonly absent?: readonly string[];
  /** No open finding at all but those listed. */
  readonly only?: boolean;
  /** Symptom first: each one's cause is the next, the last is a root. */
  readonly chains?: readonly (readonly string[])[];
  readonly severities?: Readonly<Record<string, string>>;
  readonly titles?: Readonly<Record<string, string>>;
  /** Finding → words that its title, detail, evidence or fix must contain. */
  readonly says?: Readonly<Record<string, string | readonly string[]>>;
  /** Finding → its first command that changes something; null: it has none. */
  readonly changes?: Readonly<Record<string, string | null>>;
  /** Finding → `RULE` or `RULE → ANSWER` of every rule that it harms. */
  readonly affects?: Readonly<Record<string, readonly string[]>>;
  readonly statuses?: Readonly<Record<string, Status>>;
}

export interface Expectation extends Inputs, Wanted {
  /** What else holds, with other inputs. */
  readonly also?: readonly (Inputs & Wanted)[];
}
