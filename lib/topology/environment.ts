/** What a cluster is for, as far as its name tells. */
export type Environment = 'production' | 'staging' | 'development' | 'other';

/** Colour for a cluster's bar: production must not be mistaken for a test cluster. By name, so that it needs no setting. */
export function environmentOf(name: string): Environment {
  if (/(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(name)) return 'production';
  if (/(^|[^a-z])(stag|staging|stg|preprod|uat|qa)([^a-z]|$)/i.test(name)) return 'staging';
  if (/(^|[^a-z])(dev|development|test|sandbox|local|kind|minikube|demo)([^a-z]|$)/i.test(name))
    return 'development';
  return 'other';
}
