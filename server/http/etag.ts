import 'server-only';
import { createHash } from 'node:crypto';

/** Weak, because the same topology may leave compressed or not. */
export function etagOf(epoch: string, version: number, ...parts: readonly string[]): string {
  const hash = createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 16);
  return `W/"${epoch}.${version}.${hash}"`;
}

/** Whether `If-None-Match` names this tag (weak comparison, RFC 9110 13.1.2). */
export function matches(request: Request, etag: string): boolean {
  const given = request.headers.get('if-none-match');
  if (given === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return given.trim() === '*' || given.split(',').some((tag) => bare(tag) === bare(etag));
}
