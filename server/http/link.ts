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

/** Who asks, as far as can be told: the last address that was added on the way. Of IPv6 the network, which is what one person has. */
export function callerOf(headers: Pick<Headers, 'get'>): string {
  const address = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return address.includes(':') && !address.includes('.')
    ? address.split(':').slice(0, 4).join(':')
    : address.slice(0, 64);
}
