import 'server-only';
import { type Config, isLoopback } from '@/server/config';
import { problem } from './problem';

type Settings = Pick<Config, 'publicUrl'>;

/**
 * Guards what changes something against pages of other sites that use a visitor's browser. A browser says where a request
 * comes from (Origin, Sec-Fetch-Site); what says nothing is no browser. null: the request may pass.
 */
export function refuseCrossSite(request: Request, settings: Settings): Response | null {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin')
    return refusal(`Sec-Fetch-Site is ${JSON.stringify(site)}; only "same-origin" may change something.`);
  const origin = request.headers.get('origin');
  if (origin !== null && !isOwnOrigin(origin, request.headers.get('host'), settings))
    return refusal(
      `Origin ${JSON.stringify(origin.slice(0, 200))} is not this dashboard. Where people reach it by another name, set ATLAS_PUBLIC_URL.`,
    );
  return null;
}

/** The same for requests with a body, which must be JSON: forms of other sites can't send that. */
export function refuseUnlessOwnJson(request: Request, settings: Settings): Response | null {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return refuseCrossSite(request, settings);
  return problem({
    status: 415,
    title: 'Wrong content type',
    detail: `Content-Type is ${JSON.stringify(type ?? 'not set')}; allowed: application/json`,
  });
}

/** What a request calls this server is believed only where no other name is configured, or where it is this machine's own. */
function isOwnOrigin(origin: string, host: string | null, { publicUrl }: Settings): boolean {
  const url = URL.parse(origin);
  if (!url || url.origin !== origin) return false;
  if (publicUrl !== '' && url.origin === URL.parse(publicUrl)?.origin) return true;
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return url.host === host && (publicUrl === '' || isLoopback(name));
}

function refusal(detail: string): Response {
  return problem({ status: 403, title: 'Request from another site', detail });
}
