import type { Viewing } from '@/server/access/viewing';

/** Says in a test who asks: the namespaces that he may see, by commas; `*`: all. Without it he is nobody. */
export const NAMESPACES_HEADER = 'x-test-namespaces';

/** Believes what a header says, as no dashboard may. For tests of what is shown to whom. */
export const headerViewing: Viewing = (request) => {
  const said = request.headers.get(NAMESPACES_HEADER);
  if (said === null) return Promise.resolve(Response.json({ title: 'Who are you?' }, { status: 401 }));
  if (said === '*') return Promise.resolve({ rights: { all: true } });
  const namespaces = new Set(said.split(',').filter((name) => name !== ''));
  return Promise.resolve({ rights: { all: false, namespaces, reason: '' } });
};
