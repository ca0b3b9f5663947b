import 'server-only';
import { type Config, isLoopback } from '@/server/config';

/**
 * Whether a request asks for this dashboard by a name of its own. One that only this machine reaches has no password, so
 * a web page whose name is made to resolve to 127.0.0.1 (DNS rebinding) could read the cluster through a visitor's
 * browser; such a request still carries the page's name. Where others may reach it, what stands in front has to check.
 */
export function isOwnName(host: string | null, config: Pick<Config, 'host' | 'publicUrl'>): boolean {
  if (host === null || !isLoopback(config.host)) return true;
  const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  return isLoopback(name) || name.endsWith('.localhost') || name === URL.parse(config.publicUrl)?.hostname;
}
