/** Which network plugin a DaemonSet is, and whether it makes NetworkPolicies hold. */
import type { Workload } from '@/lib/kube/objects';

export interface CniMark {
  readonly name: string;
  /** Null: it may or may not, by settings that cannot be read. */
  readonly enforces: boolean | null;
}

interface Row {
  readonly name: string;
  readonly names: RegExp;
  /** Of an image's path without registry, tag and digest. */
  readonly image: RegExp;
  readonly enforces: (workload: Workload) => boolean | null;
}

const NOTHING = /(?!)/;
const always = () => true;
const cannotTell = () => null;

function hasImage(workload: Workload, image: RegExp): boolean {
  return workload.containers.some((container) => image.test(container.image));
}

function hasWord({ containers }: Workload, word: RegExp): boolean {
  return containers.some(({ command, args }) => [...command, ...args].some((text) => word.test(text)));
}

/** Canal is Flannel's network with Calico's policies: one DaemonSet, Calico's images in it. */
const CALICO = /(?:^|\/)calico\/node[:@]|mirrored-calico-node[:@]|hardened-calico[:@]/;

/**
 * Rows in the order in which they are tried (kubernetes.io "Network Plugins" and each project's install manifest).
 * Flannel "does not implement network policies" (flannel README); cloud data planes enforce by settings of the cloud.
 */
const ROWS: readonly Row[] = [
  { name: 'Canal', names: /^(rke2-)?canal$/, image: /canal/, enforces: always },
  { name: 'Calico', names: /^calico-node$/, image: CALICO, enforces: always },
  {
    name: 'Cilium',
    names: /^cilium$/,
    image: /(?:^|\/)cilium\/cilium[:@]|mirrored-cilium-cilium[:@]/,
    enforces: (workload) => !hasWord(workload, /^--enable-policy=never$/),
  },
  {
    name: 'kube-router',
    names: /^kube-router$/,
    image: /cloudnativelabs\/kube-router/,
    enforces: (workload) => !hasWord(workload, /^--run-firewall=false$/),
  },
  { name: 'Weave Net', names: NOTHING, image: /weave-npc/, enforces: always },
  { name: 'Antrea', names: /^antrea-agent$/, image: /antrea\/antrea-(agent|ubuntu)/, enforces: always },
  { name: 'Azure NPM', names: /^azure-npm$/, image: /azure-npm/, enforces: always },
  {
    name: 'kube-network-policies',
    names: /^kube-network-policies$/,
    image: /kube-network-policies/,
    enforces: always,
  },
  {
    name: 'Amazon VPC CNI',
    names: /^aws-node$/,
    image: /amazon-k8s-cni[:@]/,
    enforces: (workload) => (hasWord(workload, /^--enable-network-policy=true$/) ? true : null),
  },
  { name: 'GKE Dataplane V2', names: /^anetd$/, image: NOTHING, enforces: cannotTell },
  { name: 'kindnet', names: /^kindnet$/, image: /kindnetd/, enforces: cannotTell },
  { name: 'OVN-Kubernetes', names: /^ovnkube-node/, image: /ovn-kubernetes/, enforces: cannotTell },
  { name: 'Kube-OVN', names: /^kube-ovn-cni$/, image: /kube-ovn/, enforces: cannotTell },
  { name: 'OpenShift SDN', names: /^sdn$/, image: /openshift-sdn/, enforces: cannotTell },
  {
    name: 'Flannel',
    names: /^kube-flannel(-ds.*)?$/,
    image: /flannel\/flannel[:@]|coreos\/flannel[:@]/,
    enforces: () => false,
  },
];

/** The plugin that a DaemonSet is; null for any other workload. One that runs nowhere is none. */
export function cniOf(workload: Workload): CniMark | null {
  if (workload.kind !== 'DaemonSet' || workload.replicas === 0) return null;
  const row = ROWS.find(({ names, image }) => names.test(workload.name) || hasImage(workload, image));
  return row ? { name: row.name, enforces: row.enforces(workload) } : null;
}
