/* Kubernetes' own level `restricted`, held against every Deployment that is rendered; each line of it can fail. */
import { describe, expect, test } from 'vitest';
import { podSpecOf, renderedObjects } from '@/server/testing/chart';
import { RENDERINGS } from './renderings';

type Fields = Readonly<Record<string, unknown>>;

/** `spec` of a pod and one of its containers, as far as the level looks at them. */
interface Looked {
  readonly pod: Fields;
  readonly container: Fields;
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Fields | undefined)?.[name], value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Of a field that the pod may set for all of its containers. */
const own = ({ pod, container }: Looked, ...path: readonly string[]) =>
  at(container, 'securityContext', ...path) ?? at(pod, 'securityContext', ...path);

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const volumeKinds = (pod: Fields) =>
  list(pod.volumes).flatMap((volume) => Object.keys(volume as Fields).filter((key) => key !== 'name'));

/** The level's controls (kubernetes.io, Pod Security Standards), and two of our own at the end. */
const CONTROLS: Readonly<Record<string, (looked: Looked) => boolean>> = {
  'no namespace of the host': ({ pod }) => !pod.hostNetwork && !pod.hostPID && !pod.hostIPC,
  'not privileged': ({ container }) => !at(container, 'securityContext', 'privileged'),
  'no port of the host': ({ container }) => list(container.ports).every((port) => !at(port, 'hostPort')),
  'volumes of the allowed kinds only': ({ pod }) => volumeKinds(pod).every((kind) => VOLUMES.includes(kind)),
  'no privilege escalation': ({ container }) =>
    at(container, 'securityContext', 'allowPrivilegeEscalation') === false,
  'not root': (looked) => own(looked, 'runAsNonRoot') === true,
  'a user that is not root': (looked) => Number(own(looked, 'runAsUser')) > 0,
  'seccomp profile': (looked) =>
    ['RuntimeDefault', 'Localhost'].includes(String(own(looked, 'seccompProfile', 'type'))),
  'all capabilities dropped': ({ container }) =>
    list(at(container, 'securityContext', 'capabilities', 'drop')).includes('ALL'),
  'no capability added': ({ container }) =>
    list(at(container, 'securityContext', 'capabilities', 'add')).length === 0,
  'nothing of AppArmor, SELinux or sysctls loosened': (looked) =>
    !own(looked, 'appArmorProfile') && !own(looked, 'seLinuxOptions') && !own(looked, 'sysctls'),
  'root file system is read-only': ({ container }) =>
    at(container, 'securityContext', 'readOnlyRootFilesystem') === true,
  'memory is limited': ({ container }) => Boolean(at(container, 'resources', 'limits', 'memory')),
};

function looks(file: string): readonly Looked[] {
  const pod = podSpecOf(renderedObjects(file));
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((kind) =>
    list(pod[kind]),
  );
  return containers.map((container) => ({ pod, container: container as Fields }));
}

const broken = (looked: Looked) => Object.keys(CONTROLS).filter((name) => !CONTROLS[name]?.(looked));

describe.each(RENDERINGS.map(({ file }) => file))('%s', (file) => {
  test('keeps to the level restricted', () => {
    expect(looks(file).length).toBeGreaterThan(0);
    expect(looks(file).flatMap(broken)).toEqual([]);
  });

  test('writes to its volumes only, and mounts each volume', () => {
    const [looked] = looks(file);
    const mounts = list(looked?.container.volumeMounts).map((mount) => at(mount, 'name'));
    expect(list(looked?.pod.volumes).map((volume) => at(volume, 'name'))).toEqual(mounts);
    expect(mounts).toContain('tmp');
  });
});

const GOOD: Looked = {
  pod: {
    securityContext: { runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: 'RuntimeDefault' } },
  },
  container: {
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { limits: { memory: '1Gi' } },
  },
};

const inContext = (more: Fields): Looked => ({
  ...GOOD,
  container: {
    ...GOOD.container,
    securityContext: { ...(GOOD.container.securityContext as Fields), ...more },
  },
});
const inPod = (more: Fields): Looked => ({ ...GOOD, pod: { ...GOOD.pod, ...more } });

test.each<readonly [string, Looked]>([
  ['no namespace of the host', inPod({ hostPID: true })],
  ['not privileged', inContext({ privileged: true })],
  ['no port of the host', { ...GOOD, container: { ...GOOD.container, ports: [{ hostPort: 80 }] } }],
  ['volumes of the allowed kinds only', inPod({ volumes: [{ name: 'x', hostPath: { path: '/' } }] })],
  ['no privilege escalation', inContext({ allowPrivilegeEscalation: undefined })],
  ['not root', inContext({ runAsNonRoot: false })],
  ['a user that is not root', inContext({ runAsUser: 0 })],
  ['seccomp profile', inContext({ seccompProfile: { type: 'Unconfined' } })],
  ['all capabilities dropped', inContext({ capabilities: { drop: ['NET_RAW'] } })],
  ['no capability added', inContext({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } })],
  [
    'nothing of AppArmor, SELinux or sysctls loosened',
    inContext({ appArmorProfile: { type: 'Unconfined' } }),
  ],
  ['root file system is read-only', inContext({ readOnlyRootFilesystem: undefined })],
  ['memory is limited', { ...GOOD, container: { ...GOOD.container, resources: {} } }],
])('a pod without "%s" is seen', (control, looked) => {
  expect(broken(GOOD)).toEqual([]);
  expect(broken(looked)).toEqual([control]);
});
