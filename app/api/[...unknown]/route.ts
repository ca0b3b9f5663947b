import { unknownPath } from '@/server/http/refused-routes';

export const dynamic = 'force-dynamic';

export {
  unknownPath as DELETE,
  unknownPath as GET,
  unknownPath as OPTIONS,
  unknownPath as PATCH,
  unknownPath as POST,
  unknownPath as PUT,
};
