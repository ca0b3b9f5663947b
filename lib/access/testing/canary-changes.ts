import type { Change } from '@/lib/state/change';

/** In every name of what belongs to the other tenant. */
export const CANARY = 'canary';

const NAMES = /\b(web|api|old|i\d+|tls\d*|two\.example\.com)\b/g;
const NAMESPACE = /(?<![\w.-])b(?![\w-])/g;

/** The same change with the other tenant's (namespace `b`) names made recognisable, also where facts mention them. */
export function withCanaries(change: Change): Change {
  if (change.type === 'coverage' || change.type === 'dns') return change;
  if (change.type === 'object' && change.change.key.startsWith('a/')) return change;
  return replaced(change, (text) => renamed(text)) as Change;
}

/** `b/web` → `canary-b/canary-web`; what is of the namespace `a` stays. */
function renamed(text: string): string {
  if (/(?<![\w.-])a\//.test(text)) return text;
  return text.replace(NAMES, `${CANARY}-$1`).replace(NAMESPACE, `${CANARY}-b`);
}

function replaced(value: unknown, by: (text: string) => string): unknown {
  if (typeof value === 'string') return by(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, by)]));
}
