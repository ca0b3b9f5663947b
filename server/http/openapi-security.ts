import 'server-only';

/** How a request says who sends it, where ATLAS_AUTH wants to know. */
export const SIGN_IN_SECURITY = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-atlas-session',
    description: 'A session begun at /auth/login; `atlas-session` where people use plain http.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'With ATLAS_AUTH=kubernetes: a token that the cluster knows, for programs.',
  },
};

/** Any of them; none where nobody signs in, and for what is open to everybody. */
export const ANY_SECURITY = [{}, { session: [] }, { token: [] }];
