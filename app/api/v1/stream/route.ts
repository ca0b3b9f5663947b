import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { getStream, headStream } from '@/server/http/stream';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getStream);

export const HEAD = (request: Request) => serve(request, headStream);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
