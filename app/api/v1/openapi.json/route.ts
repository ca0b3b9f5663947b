import { getOpenApi } from '@/server/http/openapi';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serveOpen } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serveOpen(request, getOpenApi);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
