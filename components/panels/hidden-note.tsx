import { EyeOff } from 'lucide-react';
import { hiddenBeside } from '@/lib/topology/hidden';
import type { ClusterInfo, TopologyNode } from '@/lib/topology/model';
import { count } from '@/lib/topology/text';

interface Props {
  readonly cluster: ClusterInfo;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly className?: string;
}

/** That one sees a part of the cluster, and how much stands next to it. Nothing for who sees everything. */
export function HiddenNote({ cluster, nodes, className = '' }: Props) {
  if (!cluster.limited) return null;
  const { namespaces, reason } = cluster.limited;
  const hidden = hiddenBeside(nodes.values());
  return (
    <p
      className={`flex gap-2 rounded-xl border border-line bg-card px-3 py-2.5 text-xs text-soft ${className}`}
    >
      <EyeOff size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-quiet" />
      <span>
        You see {count(namespaces, 'namespace')} of this cluster.
        {hidden > 0 && ` ${hidden} hidden beside it: in namespaces that you may not see.`}
        {reason !== '' && ` ${reason}`}
      </span>
    </p>
  );
}
