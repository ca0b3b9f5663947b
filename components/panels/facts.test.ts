import { describe, expect, it } from 'vitest';
import type { TopologyNode } from '@/lib/topology/model';
import { factsOf } from './facts';

function readinessOf(detail: TopologyNode['detail']): string | undefined {
  const pod: TopologyNode = {
    id: 'pod:shop/wear-1',
    kind: 'pod',
    name: 'wear-1',
    namespace: 'shop',
    status: 'ok',
    findings: [],
    detail,
  };
  return factsOf(pod).find(({ label }) => label === 'Readiness')?.value;
}

describe('what ready is worth', () => {
  it.each([
    ['', 'no probe: ready as soon as it runs'],
    ['tcp', 'by TCP only: the port is open, which is not yet healthy'],
    ['http', 'asked by HTTP'],
    ['grpc, tcp', 'asked by gRPC, TCP'],
    ['other', 'asked by other'],
  ])('%j is told in words', (readiness, words) => {
    expect(readinessOf({ phase: 'Running', readiness })).toBe(words);
  });

  it('is not claimed where nobody said', () => {
    expect(readinessOf({ phase: 'Running' })).toBeUndefined();
  });
});
