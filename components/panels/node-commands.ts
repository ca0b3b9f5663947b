/** Commands that only read, for each kind of node: what one would type by hand. Pure. */

import { sh } from '@/lib/diagnosis/shell';
import { isWithheld } from '@/lib/layout/card-text';
import { listOf } from '@/lib/topology/detail-reads';
import type { TopologyNode } from '@/lib/topology/model';

type Maker = (node: TopologyNode) => readonly string[];

const host: Maker = ({ name, detail }) => {
  if (name.startsWith('*')) return [];
  const [address] = listOf(detail, 'addresses');
  return [
    sh`dig +noall +answer ${name}`,
    sh`curl -sv -o /dev/null https://${name}/`,
    ...(address === undefined
      ? []
      : [sh`curl -sv -o /dev/null --resolve ${`${name}:443:${address}`} https://${name}/`]),
  ];
};

const rule: Maker = ({ namespace, ref }) =>
  ref
    ? [
        sh`kubectl -n ${namespace} describe ingress ${ref.name}`,
        sh`kubectl -n ${namespace} get ingress ${ref.name} -o yaml`,
      ]
    : [];

const service: Maker = ({ namespace, name }) => [
  sh`kubectl -n ${namespace} get service ${name} -o wide`,
  sh`kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
];

const pod: Maker = ({ namespace, ref }) =>
  ref?.uid === undefined
    ? []
    : [
        sh`kubectl -n ${namespace} describe pod ${ref.name}`,
        sh`kubectl -n ${namespace} logs ${ref.name} --tail=50`,
      ];

const controller: Maker = ({ namespace, ref }) =>
  ref?.uid === undefined
    ? ['kubectl get ingressclass', 'kubectl get deployments,daemonsets -A']
    : [
        sh`kubectl -n ${namespace} logs ${`${ref.kind.toLowerCase()}/${ref.name}`} --tail=100`,
        sh`kubectl -n ${namespace} rollout status ${`${ref.kind.toLowerCase()}/${ref.name}`} --timeout=5s`,
        sh`kubectl -n ${namespace} get pods -o wide`,
      ];

const loadbalancer: Maker = ({ namespace, ref }) =>
  ref ? [sh`kubectl -n ${namespace} describe ${ref.kind.toLowerCase()} ${ref.name}`] : [];

const secret: Maker = ({ namespace, name }) => [
  sh`kubectl -n ${namespace} get secret ${name} -o custom-columns=TYPE:.type,AGE:.metadata.creationTimestamp`,
  sh`kubectl -n ${namespace} get ingress -o custom-columns=NAME:.metadata.name,TLS:.spec.tls[*].secretName`,
];

const COMMANDS: Readonly<Record<string, Maker>> = {
  host,
  rule,
  service,
  pod,
  controller,
  loadbalancer,
  secret,
  class: () => ['kubectl get ingressclass -o wide'],
};

/** What one may type to see more of a node; nothing of it changes the cluster. */
export function nodeCommands(node: TopologyNode): readonly string[] {
  return isWithheld(node) ? [] : (COMMANDS[node.kind]?.(node) ?? []);
}
