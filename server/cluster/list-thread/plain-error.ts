import 'server-only';
import { ApiError, asApiError } from '@/server/cluster/api-error';
import type { PlainError } from './messages';

/** An error for another thread: classes do not get there. */
export function plainError(error: unknown): PlainError {
  const { kind, message, status, retryAfter } = asApiError(error);
  return { kind, message, status, retryAfter };
}

export function fromPlain({ kind, message, ...options }: PlainError): ApiError {
  return new ApiError(kind, message, options);
}
