import 'server-only';
import type { Rights } from './viewer';

/** Who asks, as far as it matters for what is answered. */
export interface View {
  readonly rights: Rights;
  /** Ends with the session, or when the rights are no longer these: streams end with it, and are opened anew. */
  readonly until?: AbortSignal;
}

/** Says what the sender of a request may see of a cluster, or answers him in place of a handler. */
export type Viewing = (request: Request) => Promise<View | Response>;

/** Everybody may see everything: what runs without authentication. */
export const OPEN: Viewing = () => Promise.resolve({ rights: { all: true } });

/** The same for the same rights, whatever the order. */
export function rightsKey(rights: Rights): string {
  return rights.all ? '*' : JSON.stringify([rights.reason, ...[...rights.namespaces].sort()]);
}
