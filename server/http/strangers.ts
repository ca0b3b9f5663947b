import 'server-only';
import { isToken } from '@/server/snapshots/tokens';
import type { Strangers } from './serve';
import { idOf, revokeTokenOf } from './snapshot-address';

/** For links that people follow from alerts and chats. */
export const TO_SIGN_IN: Strangers = { toSignIn: true };

/** A snapshot is for everybody where the deployment and its author both say so. */
export const PUBLIC_SNAPSHOT: Strangers = {
  may: async (request, { auth, config, first: { snapshots } }) => {
    if (!config.publicPreview || snapshots.isFile) return false;
    const read = await snapshots.read(idOf(request), auth.peers.callerOf(request.headers));
    return 'found' in read && read.found.public;
  },
};

/** Who has the revoke token may revoke: it was told to the author alone, and is as hard to guess as a session. */
export const REVOKER: Strangers = {
  bearerIsNobody: true,
  may: (request) => isToken(revokeTokenOf(request)),
};
