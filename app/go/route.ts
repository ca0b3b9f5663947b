import { go } from '@/server/http/go';
import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { TO_SIGN_IN } from '@/server/http/strangers';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, go, TO_SIGN_IN);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
