import { allowOnly } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';
import { getSnapshot, revokeSnapshot } from '@/server/http/snapshots';
import { PUBLIC_SNAPSHOT, REVOKER } from '@/server/http/strangers';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => serve(request, getSnapshot, PUBLIC_SNAPSHOT);
export const DELETE = (request: Request) => serve(request, revokeSnapshot, REVOKER);

const notAllowed = allowOnly('GET, HEAD, DELETE');

export { notAllowed as OPTIONS, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT };
