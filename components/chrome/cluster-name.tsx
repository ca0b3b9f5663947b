import { environmentOf } from '@/lib/topology/environment';
import type { ClusterInfo } from '@/lib/topology/model';

const BAR = {
  production: 'bg-broken',
  staging: 'bg-warning',
  development: 'bg-ok',
  other: 'bg-pending',
} as const;

const NAME = {
  production: 'text-broken',
  staging: 'text-warning',
  development: 'text-ok',
  other: 'text-pending',
} as const;

/** Which cluster one looks at, in the colour of its environment: production must not pass for a test cluster. */
export function ClusterName({ cluster }: { readonly cluster: ClusterInfo | null }) {
  const environment = cluster?.environment ?? environmentOf(cluster?.name ?? '');
  return (
    <>
      <span
        aria-hidden="true"
        className={`absolute inset-y-0 left-0 w-1.5 ${cluster ? BAR[environment] : 'bg-line'}`}
      />
      {cluster && (
        <p className={`name min-w-0 truncate font-semibold ${NAME[environment]}`} title={cluster.name}>
          <span className="sr-only">Cluster </span>
          {cluster.name}
        </p>
      )}
    </>
  );
}
