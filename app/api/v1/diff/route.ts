import { getDiff } from '@/server/http/diff';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getDiff);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
