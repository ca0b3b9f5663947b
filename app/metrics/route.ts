import { getMetrics } from '@/server/http/metrics';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serveOpen } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serveOpen(request, getMetrics);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
