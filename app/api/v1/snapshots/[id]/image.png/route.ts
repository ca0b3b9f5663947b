import { methodNotAllowed } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { getSnapshotPng } from '@/server/http/snapshots';
import { PUBLIC_SNAPSHOT } from '@/server/http/strangers';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getSnapshotPng, PUBLIC_SNAPSHOT);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
