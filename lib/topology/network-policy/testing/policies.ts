/** Policies and pods for tests, from the YAML that people write. */
import { parse } from 'yaml';
import type { NetworkPolicy } from '@/lib/kube/policy-objects';
import { Interner } from '@/lib/kube/project/interner';
import { projectNetworkPolicy } from '@/lib/kube/project/network-policy';
import type { PodEnd } from '@/lib/topology/network-policy/ends';

const interner = new Interner();

/** A policy of a namespace with this spec. */
export function policy(namespace: string, spec: string, name = 'p'): NetworkPolicy {
  const made = projectNetworkPolicy({ metadata: { name, namespace }, spec: parse(spec) }, interner);
  if (!made) throw new Error('no policy');
  return made;
}

/** A pod, as in the truth tables of cyclonus: namespaces x, y, z with label ns, pods a, b, c with label pod. */
export function pod(namespace: string, name: string, more: Partial<PodEnd> = {}): PodEnd {
  return {
    kind: 'pod',
    namespace,
    labels: { pod: name },
    namespaceLabels: {
      labels: { ns: namespace, 'kubernetes.io/metadata.name': namespace },
      complete: true,
    },
    ips: [`10.0.${namespace.charCodeAt(0)}.${name.charCodeAt(0)}`],
    nodeIps: ['192.0.2.1'],
    hostNetwork: false,
    ports: [
      { name: 'serve-80', port: 80, protocol: 'TCP', hostPort: null },
      { name: 'serve-81', port: 81, protocol: 'TCP', hostPort: null },
      { name: 'serve-81-udp', port: 81, protocol: 'UDP', hostPort: null },
    ],
    ambient: false,
    ...more,
  };
}
