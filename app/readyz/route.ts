import { methodNotAllowed } from '@/server/http/problem';
import { readiness } from '@/server/http/readiness';

export const dynamic = 'force-dynamic';

export const GET = readiness;

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
