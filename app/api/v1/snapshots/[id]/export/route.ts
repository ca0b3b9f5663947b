import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { exportSnapshot } from '@/server/http/snapshots';
import { PUBLIC_SNAPSHOT } from '@/server/http/strangers';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, exportSnapshot, PUBLIC_SNAPSHOT);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
