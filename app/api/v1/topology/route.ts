import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { getTopology } from '@/server/http/topology';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getTopology);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
