import { postToken } from '@/server/auth/sign-in';
import { allowOnly } from '@/server/http/refused-routes';
import { serveOpen } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const POST = (request: Request) => serveOpen(request, postToken);

const notAllowed = allowOnly('POST');

export {
  notAllowed as DELETE,
  notAllowed as GET,
  notAllowed as HEAD,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as PUT,
};
