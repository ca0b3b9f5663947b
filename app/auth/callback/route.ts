import { getCallback } from '@/server/auth/sign-in';
import { allowOnly } from '@/server/http/refused-routes';
import { serveOpen } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serveOpen(request, getCallback);

const notAllowed = allowOnly('GET');

export {
  notAllowed as DELETE,
  notAllowed as HEAD,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as POST,
  notAllowed as PUT,
};
