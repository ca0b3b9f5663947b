import 'server-only';
import { record, text } from '@/lib/kube/project/raw';

/** What a failed request means for who asked. */
export type ApiErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'absent'
  | 'expired'
  | 'throttled'
  | 'server'
  | 'unreachable'
  | 'invalid'
  | 'stopped';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Milliseconds that the server asked us to wait; 0 when it did not. */
  readonly retryAfter: number;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.status = options.status ?? 0;
    this.retryAfter = options.retryAfter ?? 0;
  }
}

const LONGEST_RETRY_AFTER = 120_000;

/** Milliseconds of a Retry-After header: seconds, or a date compared with `now` (epoch ms); at most two minutes. */
export function retryAfterOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER) : 0;
}

function kindOf(status: number, message: string): ApiErrorKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  if (status === 410) return 'expired';
  // Another server, or a restored one, is behind what we saw: only a fresh list helps.
  if (/too large resource version|invalid resource version/i.test(message)) return 'expired';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'server' : 'invalid';
}

/** The error of an HTTP status and the `Status` object (or text) in its body. */
export function statusError(status: number, body: string, retryAfter = 0): ApiError {
  let message = '';
  try {
    message = text(record(JSON.parse(body)).message);
  } catch {
    message = body.length < 200 ? body.trim() : '';
  }
  return new ApiError(
    kindOf(status, message),
    `${status}${message === '' ? '' : `: ${message.slice(0, 300)}`}`,
    { status, retryAfter },
  );
}

/** The error of an `ERROR` event of a watch, whose object is a `Status`. */
export function eventError(object: unknown): ApiError {
  const status = record(object);
  const code = typeof status.code === 'number' ? status.code : 500;
  const seconds = record(status.details).retryAfterSeconds;
  return statusError(
    code,
    JSON.stringify({ message: text(status.message) }),
    typeof seconds === 'number' ? retryAfterOf(String(seconds), 0) : 0,
  );
}

/** Any thrown value as an ApiError; what is not one of ours came from the network. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new ApiError('stopped', 'stopped', { cause: error });
  return new ApiError('unreachable', networkMessage(error), { cause: error });
}

/** What keeps us from credentials is no failure of the network. */
export function noCredentials(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const message = cause instanceof Error ? cause.message.trim().slice(0, 300) : 'unknown error';
  return new ApiError('unauthorized', `no credentials: ${message}`, { cause });
}

/** A host with several addresses fails with one error for all of them, whose own message is empty. */
function networkMessage(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(networkMessage))].join('; ');
  return error instanceof Error && error.message !== '' ? error.message : 'unknown error';
}
