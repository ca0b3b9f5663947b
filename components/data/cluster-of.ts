/** Id of the cluster that filters name; empty: the first. */
export function clusterOf(filters: string): string {
  return new URLSearchParams(filters).get('cluster') ?? '';
}
