import { getHealth } from '@/server/http/health';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serveAlways } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serveAlways(request, getHealth);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
