import 'server-only';

/** Kinds whose lists are long enough to be read in a thread. Never Secrets: what is in them goes nowhere. */
export type ThreadKind = 'pods';

/** To the thread, of the items of one answer: from some item on they are told as bytes. */
export interface ToListThread {
  /** Number of the answer. */
  readonly page: number;
  readonly what: { readonly begin: ThreadKind } | { readonly bytes: Uint8Array } | 'end' | 'cancel';
}

/** From the thread. */
export interface FromListThread {
  readonly page: number;
  readonly what:
    | {
        /** Objects as their kind packs them. */
        readonly objects: string;
        /** How many could not be projected. */
        readonly failed: number;
        /** Bytes that were read since the last of these. */
        readonly read: number;
      }
    /** After the end: what came after the items, from their closing bracket, one character a byte. */
    | { readonly tail: string }
    | { readonly error: string };
}
