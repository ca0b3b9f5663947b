/* The chart's own rules, enforced by an API server: enough, not too much, and each of them may be missing. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import { rights, WITHHELD } from '@/lib/kube/rights';
import type { Topology } from '@/lib/topology/model';
import { type ChartObject, environmentOf, goldenObjects, grantsOf, type Rule } from '@/server/testing/chart';
import { GrantedCluster } from '@/server/testing/granted-cluster';
import { until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

const CLUSTER_SCOPED = RESOURCES.filter(({ namespaced }) => !namespaced).map(({ id }) => id);

let cluster: GrantedCluster;
let server: WholeServer;

beforeAll(async () => {
  cluster = await GrantedCluster.start('online-store-incident');
});
afterEach(async () => {
  await server.close();
});
afterAll(async () => {
  await cluster.close();
});

const settingsOf = (objects: readonly ChartObject[]) => {
  const { ATLAS_SECRETS = '', ATLAS_NAMESPACES = '' } = environmentOf(objects);
  return { ATLAS_SECRETS, ATLAS_NAMESPACES };
};

/** Starts the program with these rights and waits until it has made up its mind about each resource. */
async function startWith(
  grants: readonly ChartObject[],
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  await cluster.grant(grants);
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: cluster.kubeconfig,
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
    ...settings,
  });
  await until('the cluster is read', () => server.runtime.hub.synced);
  await until('each resource is told of', async () => (await topology()).coverage.length >= RESOURCES.length);
}

async function topology(): Promise<Topology> {
  return (await (await fetch(`${server.url}/api/v1/topology?scope=all`)).json()) as Topology;
}

/** Ids of what may not be seen, sorted. */
async function forbidden(): Promise<readonly string[]> {
  const { coverage } = await topology();
  expect(coverage.filter(({ state }) => state === 'failing' || state === 'absent')).toEqual([]);
  return coverage
    .filter(({ state }) => state === 'forbidden')
    .map(({ resource }) => resource)
    .sort();
}

/** Opens one object of each kind, as people do in the inspector; answers the statuses by kind. */
async function openEach(namespace: string): Promise<ReadonlyMap<string, number>> {
  const statuses = new Map<string, number>();
  for (const { id, group, version, resource, namespaced } of RESOURCES) {
    const path = `${group || 'core'}/${version}/${resource}/${namespaced ? namespace : '-'}/some-name`;
    const response = await fetch(`${server.url}/api/v1/objects/${path}`);
    await response.arrayBuffer();
    statuses.set(id, response.status);
  }
  await (
    await fetch(`${server.url}/api/v1/objects/apps/v1/replicasets/${namespace}/some-name`)
  ).arrayBuffer();
  return statuses;
}

const rulesOf = (grants: readonly ChartObject[]): readonly Rule[] =>
  grants.flatMap(({ rules = [] }) => rules);
/** Reviews are asked where somebody signs in, which nobody does here. */
const isRead = ({ verbs }: Rule): boolean => !verbs.includes('create');

describe('with the rights of the chart', () => {
  const modes: readonly (readonly [string, readonly KindName[]])[] = [
    ['cluster-wide', ['secrets']],
    ['secrets-get', []],
    ['secrets-watch', []],
    [
      'secretless',
      [
        'clusterrolebindings',
        'clusterroles',
        'configmaps',
        'rolebindings',
        'roles',
        'secrets',
        'serviceaccounts',
      ],
    ],
    ['namespaced', CLUSTER_SCOPED],
    ['namespaced-only', [...CLUSTER_SCOPED, 'secrets']],
  ];
  it.each(modes)(
    '%s: nothing is denied that it promises, nothing granted that is not used',
    async (name, without) => {
      const objects = goldenObjects(name);
      await startWith(grantsOf(objects), settingsOf(objects));
      const statuses = await openEach('shop');
      const granted = rulesOf(grantsOf(objects)).filter(isRead);
      await until(
        `used is ${cluster.unused(granted).join(', ')}`,
        () => cluster.unused(granted).length === 0,
      );
      await expect.poll(forbidden, { timeout: 20_000 }).toEqual([...without].sort());
      for (const [id, status] of statuses) expect([id, status]).toEqual([id, allowedOf(id, name, without)]);
      const writes = cluster.asked.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
      expect(writes).toEqual([]);
      const deniedIds = new Set(
        cluster.denied
          .filter(({ subresource, name: object }) => subresource === undefined && object !== 'some-name')
          .map(({ resource }) => resource),
      );
      const promised = RESOURCES.filter(({ id }) => !without.includes(id)).map(({ resource }) => resource);
      expect(
        promised.filter((resource) => deniedIds.has(resource) && resource !== 'networkpolicies'),
      ).toEqual([]);
    },
  );

  function allowedOf(id: string, mode: string, without: readonly KindName[]): number {
    // Only the Secrets of those names, and `some-name` is none of them.
    if (mode === 'namespaced' && id === 'secrets') return 403;
    return without.includes(id as KindName) && !WITHHELD.has(id as KindName) ? 403 : 404;
  }
});

describe('without one right', () => {
  const full = goldenObjects('secrets-watch');
  const settings = settingsOf(full);
  const tried = rights().filter(
    ({ feature, verbs }) => feature !== 'secretsGet' && !verbs.includes('create'),
  );

  it.each(tried)('$resource of "$group": coverage says so, and the rest goes on', async (right) => {
    const grants = grantsOf(full).map((object) => lacking(object, right.group, right.resource, right.verbs));
    await startWith(grants, settings);
    await expect
      .poll(forbidden, { timeout: 20_000 })
      .toEqual(right.coverage === null ? [] : [right.coverage]);
    await expectSound();
    const row = (await topology()).coverage.find(({ resource }) => resource === right.coverage);
    if (row) expect(row.fix).toContain(`resources: ["${right.resource}"]`);
  });

  it.each([['list'], ['watch']])('%s alone is missed as well', async (verb) => {
    const grants = grantsOf(full).map((object) => lacking(object, '', 'services', [verb]));
    await startWith(grants, settings);
    await until('it is told', async () => (await forbidden()).includes('services'));
    await expectSound();
  });

  it('Secrets that may not be read by name are told', async () => {
    const objects = goldenObjects('secrets-get');
    const grants = grantsOf(objects).map((object) => lacking(object, '', 'secrets', ['get']));
    await startWith(grants, settingsOf(objects));
    await until('it is told', async () => (await forbidden()).includes('secrets'));
    await expectSound();
  });
});

/** The role without some verbs on one resource. */
function lacking(
  object: ChartObject,
  group: string,
  resource: string,
  verbs: readonly string[],
): ChartObject {
  if (!object.rules) return object;
  const rules = object.rules.flatMap((rule): readonly Rule[] => {
    if (!rule.apiGroups.includes(group) || !rule.resources.includes(resource)) return [rule];
    const others = rule.resources.filter((one) => one !== resource);
    const left = rule.verbs.filter((verb) => !verbs.includes(verb));
    return [
      { ...rule, resources: others },
      { ...rule, resources: [resource], verbs: left },
    ].filter((part) => part.resources.length > 0 && part.verbs.length > 0);
  });
  return { ...object, rules };
}

/** Every answer comes, nothing has thrown, and no check has given up. */
async function expectSound(): Promise<void> {
  const paths = [
    '/api/v1/topology?scope=all',
    '/api/v1/findings',
    '/api/v1/checklist?host=www.my-online-store.com',
    '/readyz',
  ];
  for (const path of paths) {
    const response = await fetch(`${server.url}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    expect(await response.text()).not.toContain('check-failed');
  }
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^atlas_errors_total 0$/m);
  expect(metrics).toMatch(/^atlas_build_failures 0$/m);
}
