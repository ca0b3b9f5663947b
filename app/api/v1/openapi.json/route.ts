import { getOpenApi } from '@/server/http/openapi';
import { methodNotAllowed } from '@/server/http/problem';

export const dynamic = 'force-dynamic';

export const GET = getOpenApi;

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
