import { putMark, removeMark } from '@/server/http/marks';
import { allowOnly } from '@/server/http/refused-routes';
import { serve } from '@/server/http/serve';

export const dynamic = 'force-dynamic';

export const PUT = (request: Request) => serve(request, putMark);
export const DELETE = (request: Request) => serve(request, removeMark);

const notAllowed = allowOnly('PUT, DELETE');

export { notAllowed as GET, notAllowed as OPTIONS, notAllowed as PATCH, notAllowed as POST };
