import {
  Blocks,
  Box,
  Boxes,
  FileKey,
  Globe,
  type LucideIcon,
  MapPin,
  Network,
  Route,
  Server,
  Tag,
  Waypoints,
} from 'lucide-react';
import type { NodeKind } from '@/lib/topology/model';

const ICONS: Readonly<Record<NodeKind, LucideIcon>> = {
  host: Globe,
  loadbalancer: Network,
  address: MapPin,
  controller: Waypoints,
  rule: Route,
  service: Server,
  pod: Box,
  endpoint: Box,
  external: Globe,
  secret: FileKey,
  class: Tag,
  listener: Waypoints,
  group: Boxes,
};

interface Props {
  readonly kind: NodeKind;
  readonly size?: number;
  readonly className?: string;
}

/** What kind of thing a card is, as a picture. Decorative. */
export function KindIcon({ kind, size = 14, className = '' }: Props) {
  const Icon = ICONS[kind] ?? Blocks;
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" className={`shrink-0 ${className}`} />;
}
