import 'server-only';
import type { Way } from '@/server/cluster/agents';
import type { ApiErrorKind } from '@/server/cluster/api-error';
import type { ListRequest } from '@/server/cluster/list-all';

/** Kinds whose lists are long enough to be read in a thread. Never Secrets: what is in them goes nowhere. */
export type ThreadKind = 'pods';

export type ThreadRequest = Pick<
  ListRequest,
  'path' | 'fieldSelector' | 'resourceVersion' | 'pageSize' | 'answerWithin'
>;

/** An error as plain data. */
export interface PlainError {
  readonly kind: ApiErrorKind;
  readonly message: string;
  readonly status: number;
  readonly retryAfter: number;
}

/** To the thread. */
export type ToListThread =
  | { readonly list: number; readonly kind: ThreadKind; readonly request: ThreadRequest }
  /** Objects of a message have been taken. */
  | { readonly list: number; readonly taken: true }
  | { readonly list: number; readonly cancel: true }
  | { readonly asked: number; readonly way: Way }
  | { readonly asked: number; readonly error: PlainError };

/** From the thread. */
export type FromListThread =
  /** Objects as their kind packs them, and how many could not be projected. */
  | { readonly list: number; readonly objects: string; readonly failed: number }
  /** Bytes have come, though they make no object yet. */
  | { readonly list: number; readonly progress: true }
  | { readonly list: number; readonly end: string }
  | { readonly list: number; readonly error: PlainError }
  /** How to reach the server now? */
  | { readonly ask: number };
