import { expect, test } from 'vitest';
import type { NodeKind, TopologyNode } from '@/lib/topology/model';
import { nodeCommands } from './node-commands';

const node = (kind: NodeKind, name: string, over: Partial<TopologyNode> = {}): TopologyNode => ({
  id: `${kind}:${name}`,
  kind,
  name,
  namespace: 'shop',
  status: 'ok',
  findings: [],
  detail: {},
  ...over,
});
const ref = (kind: string, name: string) => ({
  group: '',
  version: 'v1',
  resource: '',
  kind,
  namespace: 'shop',
  name,
  uid: 'u',
});

test('each kind is looked at as one would by hand', () => {
  expect(nodeCommands(node('service', 'wear'))).toEqual([
    'kubectl -n shop get service wear -o wide',
    'kubectl -n shop get endpointslices -l kubernetes.io/service-name=wear',
  ]);
  expect(nodeCommands(node('rule', '/wear', { ref: ref('Ingress', 'front') }))[0]).toBe(
    'kubectl -n shop describe ingress front',
  );
  expect(nodeCommands(node('host', 'a.example.com', { detail: { addresses: ['192.0.2.1'] } })).at(-1)).toBe(
    'curl -sv -o /dev/null --resolve a.example.com:443:192.0.2.1 https://a.example.com/',
  );
});

test('no command changes anything, and no name breaks out of its quotes', () => {
  const kinds: readonly NodeKind[] = [
    'host',
    'rule',
    'service',
    'pod',
    'controller',
    'loadbalancer',
    'secret',
    'class',
    'group',
  ];
  for (const kind of kinds)
    for (const command of nodeCommands(node(kind, "x'; rm -rf /", { ref: ref('Pod', '$(reboot)') }))) {
      expect(command).toMatch(/^(dig|curl|kubectl( -n shop)? (get|describe|logs|rollout status)) /);
      expect(command.replaceAll(/'[^']*'|\\'/g, '')).not.toMatch(/[;$]|rm -rf/);
    }
});
