import { expect, test } from 'vitest';
import type { TopologyNode } from '@/lib/topology/model';
import { cardText, isGhost } from './card-text';

const BLANK = { name: 'hidden', namespace: '', findings: [] } as const;

test.each([
  ['controller', 'ok', 'Hidden controller'],
  ['loadbalancer', 'broken', 'Hidden load balancer'],
  ['service', 'broken', 'Hidden Service'],
] as const)('what stands for a hidden %s says so, and is no ghost', (kind, status, title) => {
  const hidden: TopologyNode = { ...BLANK, kind, id: `${kind}:~x`, status, detail: { withheld: true } };
  expect(cardText(hidden)).toMatchObject({ title, sub: 'in another namespace' });
  expect(isGhost(hidden)).toBe(false);
});
