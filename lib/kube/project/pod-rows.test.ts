import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Interner } from './interner';
import { projectPod } from './pod';
import { packPods, unpackPods } from './pod-rows';

const text = fc.constantFrom('', 'a', 'b\u202e', '😀"\\', 'nul\u0000', 'Ready', 'True');
const pairs = fc.dictionary(text, text, { maxKeys: 3 });
const status = fc.record(
  {
    phase: text,
    podIPs: fc.array(fc.record({ ip: text }), { maxLength: 2 }),
    conditions: fc.array(
      fc.record({
        type: fc.constantFrom('Ready', 'PodScheduled', 'ContainersReady', 'gate', 'x'),
        status: text,
        reason: text,
        lastTransitionTime: fc.constantFrom('2026-01-01T00:00:00Z', 'no time'),
      }),
      { maxLength: 4 },
    ),
    containerStatuses: fc.array(
      fc.record(
        {
          name: text,
          ready: fc.boolean(),
          state: fc.constantFrom({ running: {} }, { waiting: { reason: 'CrashLoopBackOff' } }),
          lastState: fc.constantFrom({}, { terminated: { exitCode: 137, reason: 'OOMKilled' } }),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
const raw = fc.record({
  metadata: fc.record(
    {
      name: fc.constantFrom('p-1', 'p-2', '__proto__'),
      namespace: text,
      uid: text,
      labels: pairs,
      annotations: pairs,
      creationTimestamp: fc.constantFrom('2026-01-01T00:00:00Z', null),
      deletionTimestamp: fc.constantFrom('2026-02-01T00:00:00Z', undefined),
      ownerReferences: fc.constantFrom(
        [],
        [{ controller: true, apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r' }],
      ),
    },
    { requiredKeys: ['name'] },
  ),
  spec: fc.record(
    {
      nodeName: text,
      hostNetwork: fc.boolean(),
      readinessGates: fc.constantFrom([], [{ conditionType: 'gate' }]),
      containers: fc.array(
        fc.record({ name: text, image: text, ports: fc.constant([{ containerPort: 80 }]) }),
        {
          maxLength: 2,
        },
      ),
    },
    { requiredKeys: [] },
  ),
  status,
});

it('gives the same pods as their projection, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(raw, { maxLength: 12 }), (raws) => {
      const there = new Interner();
      const pods = raws.flatMap((one) => projectPod(one, there) ?? []);
      const again = unpackPods(packPods(pods), new Interner());
      expect(again).toEqual(pods);
      // Hash order of the labels too: what is drawn follows it.
      expect(JSON.stringify(again)).toBe(JSON.stringify(pods));
    }),
    { numRuns: 300, seed: 20261123 },
  );
});

it('shares what the pods of one template have in common, also from one text to the next', () => {
  const pod = (name: string) => ({
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'a' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a-1', controller: true }],
    },
    spec: { containers: [{ name: 'app', image: 'i' }], nodeName: 'n1' },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'app', ready: true }],
      conditions: [{ type: 'ContainersReady', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  });
  const there = new Interner();
  const here = new Interner();
  const [a, b, c] = [['a', 'b'], ['c']].flatMap((names) =>
    unpackPods(packPods(names.flatMap((name) => projectPod(pod(name), there) ?? [])), here),
  );
  for (const other of [b, c]) {
    expect(other?.labels).toBe(a?.labels);
    expect(other?.owner).toBe(a?.owner);
    expect(other?.containers).toBe(a?.containers);
    expect(other?.states).toBe(a?.states);
    expect(other?.conditions[0]).toBe(a?.conditions[0]);
  }
});
