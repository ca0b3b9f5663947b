import { getFindings } from '@/server/http/findings';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getFindings);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
