/** What a tab and the one connection of the browser say to each other. Structured-cloneable. */
import type { StreamMessage } from '@/lib/wire/messages';

/** How the line to the dashboard's server is. The cluster's own connection is in the topology. */
/* `signed-out`: the dashboard asks to sign in; `unauthorized`: it, or something in front, refuses who one is. */
export type LinkState = 'connecting' | 'open' | 'retrying' | 'signed-out' | 'unauthorized' | 'refused';

export interface Link {
  readonly state: LinkState;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When anything was last heard; null: nothing yet. */
  readonly heardAt: number | null;
  /** What the server said, where it said something. */
  readonly problem: string | null;
}

export type ToHub =
  | { readonly type: 'open'; readonly tab: string; readonly filters: string }
  | { readonly type: 'close'; readonly tab: string };

export type ToTab =
  | { readonly type: 'message'; readonly filters: string; readonly message: StreamMessage }
  | { readonly type: 'link'; readonly link: Link };

export const FIRST_LINK: Link = { state: 'connecting', since: 0, heardAt: null, problem: null };
