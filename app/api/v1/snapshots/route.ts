import { allowOnly } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { createSnapshot } from '@/server/http/snapshots';

export const dynamic = 'force-dynamic';

export const POST = (request: Request) => serve(request, createSnapshot);

const notAllowed = allowOnly('POST');

export {
  notAllowed as DELETE,
  notAllowed as GET,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as PUT,
};
