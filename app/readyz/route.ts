import { getReadiness } from '@/server/http/health';
import { methodNotAllowed } from '@/server/http/problem';
import { currentRuntime } from '@/server/runtime';

export const dynamic = 'force-dynamic';

export const GET = () => getReadiness(currentRuntime()?.first ?? null);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
};
