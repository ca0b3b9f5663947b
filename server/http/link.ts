import 'server-only';
import type { Config } from '@/server/config';

/** Where people reach this dashboard, without a slash at the end: as configured, else as the request calls it. */
export function baseUrl(
  headers: Pick<Headers, 'get'>,
  { publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>,
): string {
  if (publicUrl !== '') return publicUrl;
  const scheme = headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https' ? 'https' : 'http';
  const host = headers.get('host') ?? '';
  return URL.parse(`${scheme}://${host}`)?.origin ?? `http://localhost:${port}`;
}
