import { getHealth } from '@/server/http/health';
import { methodNotAllowed } from '@/server/http/problem';

export const dynamic = 'force-dynamic';

export const GET = getHealth;

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
