import type { ReactNode } from 'react';
import { ENVIRONMENT_BAR, ENVIRONMENT_TEXT } from '@/components/clusters/words';
import { environmentOf } from '@/lib/topology/environment';
import type { ClusterInfo } from '@/lib/topology/model';

interface Props {
  readonly cluster: ClusterInfo | null;
  /** In place of the name: the way to other clusters, where there are some. */
  readonly children?: ReactNode;
}

/** Which cluster one looks at, in the colour of its environment: production must not pass for a test cluster. */
export function ClusterName({ cluster, children }: Props) {
  const environment = cluster?.environment ?? environmentOf(cluster?.name ?? '');
  return (
    <>
      <span
        aria-hidden="true"
        className={`absolute inset-y-0 left-0 w-1.5 ${cluster ? ENVIRONMENT_BAR[environment] : 'bg-line'}`}
      />
      {cluster &&
        (children ?? (
          <p
            className={`name min-w-0 truncate font-semibold ${ENVIRONMENT_TEXT[environment]}`}
            title={cluster.name}
          >
            <span className="sr-only">Cluster </span>
            {cluster.name}
          </p>
        ))}
    </>
  );
}
