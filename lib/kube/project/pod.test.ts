import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { projectPod } from './pod';

const status = (extra: object) => ({
  metadata: { name: 'p', namespace: 'shop' },
  spec: { containers: [{ name: 'app', image: 'img:1', ports: [{ containerPort: 8080, name: 'http' }] }] },
  status: extra,
});
const pod = (raw: object) => {
  const found = projectPod(raw as Record<string, unknown>, new Interner());
  if (found === null) throw new Error('no pod');
  return found;
};

describe('pod', () => {
  it('tells the current termination, else the last one', () => {
    const last = { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T12:00:00Z' } };
    const now = { terminated: { reason: 'Error', exitCode: 1 } };
    const of = (state: object) =>
      pod(status({ containerStatuses: [{ name: 'app', state, lastState: last }] })).states[0];
    expect(of(now)?.terminated).toMatchObject({ reason: 'Error', exitCode: 1, at: null });
    expect(of({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } })).toMatchObject({
      waiting: { reason: 'CrashLoopBackOff' },
      terminated: { reason: 'OOMKilled', exitCode: 137, at: Date.UTC(2026, 0, 1, 12) },
    });
  });

  it('cuts messages to 300 characters without half an emoji', () => {
    const message = `${'x'.repeat(299)}😀${'y'.repeat(5000)}`;
    const [state] = pod(
      status({ containerStatuses: [{ name: 'app', state: { waiting: { reason: 'R', message } } }] }),
    ).states;
    expect(state?.waiting?.message).toBe('x'.repeat(299));
  });

  it('shows an init container while it holds the pod up and forgets it when done', () => {
    const init = (state: object) =>
      pod(status({ initContainerStatuses: [{ name: 'migrate', state }] })).states;
    expect(init({ waiting: { reason: 'CrashLoopBackOff' } })).toHaveLength(1);
    expect(init({ terminated: { exitCode: 1 } })).toHaveLength(1);
    expect(init({ terminated: { exitCode: 0, reason: 'Completed' } })).toHaveLength(0);
  });

  it('counts a sidecar (init container that restarts always) among the containers', () => {
    const found = pod({
      metadata: { name: 'p' },
      spec: {
        containers: [{ name: 'app' }],
        initContainers: [
          { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 15090 }] },
          { name: 'once' },
        ],
      },
      status: { initContainerStatuses: [{ name: 'proxy', ready: true, state: { running: {} } }] },
    });
    expect(found.containers.map(({ name }) => name)).toEqual(['app', 'proxy']);
    expect(found.states.map(({ name }) => name)).toEqual(['proxy']);
  });

  it('keeps readiness gates and their conditions, and drops conditions that nothing judges', () => {
    const found = pod({
      metadata: { name: 'p' },
      spec: { readinessGates: [{ conditionType: 'target-health.elbv2/x' }] },
      status: {
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'Initialized', status: 'True' },
          { type: 'target-health.elbv2/x', status: 'False' },
        ],
      },
    });
    expect(found.readinessGates).toEqual(['target-health.elbv2/x']);
    expect(found.conditions.map(({ type }) => type)).toEqual(['Ready', 'target-health.elbv2/x']);
  });

  it('takes all pod IPs, or the single one of an old server', () => {
    expect(pod(status({ podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] })).ips).toEqual([
      '10.0.0.1',
      'fd00::1',
    ]);
    expect(pod(status({ podIP: '10.0.0.1' })).ips).toEqual(['10.0.0.1']);
  });

  it('shares what the pods of one template have in common', () => {
    const interner = new Interner();
    const one = (name: string) =>
      projectPod(
        {
          metadata: {
            name,
            labels: { app: 'a' },
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a-1', controller: true }],
          },
          spec: { containers: [{ name: 'app', image: 'i' }] },
          status: { containerStatuses: [{ name: 'app', ready: true }] },
        },
        interner,
      );
    const [a, b] = [one('a'), one('b')];
    expect(a?.labels).toBe(b?.labels);
    expect(a?.containers).toBe(b?.containers);
    expect(a?.states).toBe(b?.states);
    expect(a?.owner).toBe(b?.owner);
    expect(a?.owner).toEqual({ group: 'apps', kind: 'ReplicaSet', name: 'a-1' });
  });

  it.each([
    [undefined, 'none'],
    [null, 'none'],
    [{ httpGet: { port: 80 } }, 'http'],
    [{ tcpSocket: { port: 80 } }, 'tcp'],
    [{ grpc: { port: 80 } }, 'grpc'],
    [{ exec: { command: ['true'] } }, 'exec'],
    [{ periodSeconds: 5 }, 'other'],
  ])('knows by %j how readiness is asked', (readinessProbe, way) => {
    const containers = [{ name: 'c', image: 'c:1', readinessProbe }];
    const found = pod({ metadata: { name: 'p', namespace: 'shop' }, spec: { containers } });
    expect(found.containers[0]?.readiness).toBe(way);
  });
});
