import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { pagePolicy, transportSecurity } from '@/server/http/content-security';

/**
 * Headers of pages, and nothing else: who may see what is decided by the handlers, since a proxy of this framework has
 * been passed by before. The API has headers of its own (server/http/problem.ts); files that never change have them
 * from next.config.ts.
 */
export function proxy(request: NextRequest): Response {
  if (request.nextUrl.pathname.startsWith('/_next/image'))
    return refused(404, 'There is no image optimizer.\n');
  // Pages are only read: there are no Server Actions, and nobody shall have the framework look for one.
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refused(405, 'Pages are only read; allowed: GET, HEAD\n', { Allow: 'GET, HEAD' });
  const policy = pagePolicy(randomBytes(16).toString('base64'));
  // What came under these names is overwritten: the framework takes the nonce from here and would believe a visitor's.
  const headers = new Headers(request.headers);
  headers.delete('x-nonce');
  headers.delete('content-security-policy-report-only');
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  for (const [name, value] of Object.entries(transportSecurity(process.env.ATLAS_PUBLIC_URL?.trim() ?? '')))
    response.headers.set(name, value);
  return response;
}

function refused(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  });
}

export const config = {
  // Not the API and what signing in posts to, whose bodies would be read twice, nor what the build made.
  matcher: [
    '/((?!api/|api$|auth/(?:token|start|callback|logout)$|_next/static/|healthz$|readyz$|metrics$|go$).*)',
  ],
};
