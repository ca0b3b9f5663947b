const ENVIRONMENTS = ['production', 'staging', 'development', 'other'] as const;

/** What a cluster is for. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** Says what the clusters are for whose names match; `*` in the pattern stands for anything. */
export interface EnvironmentRule {
  readonly pattern: string;
  readonly environment: Environment;
}

/** What may stand in the setting; for messages. */
export const ENVIRONMENT_RULES_ALLOWED = `NAME=${ENVIRONMENTS.join('|')}, where * in NAME stands for anything (prod-*=production)`;

/** Reads `PATTERN=ENVIRONMENT`; null: it is none. A name may hold `=` itself: the last one counts. */
export function parseEnvironmentRule(text: string): EnvironmentRule | null {
  const at = text.lastIndexOf('=');
  const pattern = text.slice(0, Math.max(at, 0)).trim();
  const environment = ENVIRONMENTS.find((name) => name === text.slice(at + 1).trim());
  return pattern !== '' && environment ? { pattern, environment } : null;
}

/**
 * What a cluster is for, by the first rule that its name matches, else as far as the name itself tells: production must
 * not be mistaken for a test cluster.
 */
export function environmentOf(name: string, rules: readonly EnvironmentRule[] = []): Environment {
  const rule = rules.find(({ pattern }) => matches(pattern, name));
  if (rule) return rule.environment;
  if (/(^|[^a-z])(stag|staging|stg|pre-?prod|uat|qa)([^a-z]|$)/i.test(name)) return 'staging';
  if (/(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(name)) return 'production';
  if (/(^|[^a-z])(dev|development|test|sandbox|local|kind|minikube|demo)([^a-z]|$)/i.test(name))
    return 'development';
  return 'other';
}

/** Piece by piece: a pattern made into a regular expression could be one that never ends. */
function matches(pattern: string, name: string): boolean {
  const pieces = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
