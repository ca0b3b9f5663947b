// Discovery: which groups, versions and resources the server has, in the classic
// and in the aggregated form.
import type { JsonRecord } from './json';
import type { Storage } from './storage';
import { groupVersion, type ResourceInfo } from './types';

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

export const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.1+sandbox',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-09-09T19:44:50Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};

type Subresource = { name: string; kind: string; group: string; version: string; verbs: string[] };

function subresourcesOf(info: ResourceInfo): Subresource[] {
  const { kind, group, version, subresources } = info;
  const all: Subresource[] = [];
  if (subresources.status === true)
    all.push({ name: 'status', kind, group, version, verbs: SUBRESOURCE_VERBS });
  if (subresources.scale === true) {
    all.push({ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: SUBRESOURCE_VERBS });
  }
  if (subresources.log === true) all.push({ name: 'log', kind, group, version, verbs: ['get'] });
  if (subresources.eviction === true) {
    all.push({ name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] });
  }
  if (info.resource === 'serviceaccounts') {
    all.push({
      name: 'token',
      kind: 'TokenRequest',
      group: 'authentication.k8s.io',
      version: 'v1',
      verbs: ['create'],
    });
  }
  return all;
}

function byGroup(storage: Storage): Map<string, ResourceInfo[]> {
  const groups = new Map<string, ResourceInfo[]>();
  for (const info of storage.resources()) {
    const infos = groups.get(info.group);
    if (infos === undefined) groups.set(info.group, [info]);
    else infos.push(info);
  }
  return groups;
}

const VERSION_NAME = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** Kubernetes' order of versions: v2, v1, v1beta2, v1beta1, v1alpha1. */
export function compareVersions(a: string, b: string): number {
  const rank = (name: string): [number, number, number] => {
    const match = VERSION_NAME.exec(name);
    if (match === null) return [-1, 0, 0];
    const stability = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stability, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [x, y] = [rank(a), rank(b)];
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || (a < b ? -1 : a > b ? 1 : 0);
}

function versionsOf(infos: readonly ResourceInfo[]): string[] {
  return [...new Set(infos.map((info) => info.version))].sort(compareVersions);
}

/** `/api`. */
export function coreVersions(address: string): JsonRecord {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

function apiGroup(group: string, infos: readonly ResourceInfo[]): JsonRecord {
  const versions = versionsOf(infos).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** `/apis`. */
export function groupList(storage: Storage): JsonRecord {
  const groups = [...byGroup(storage)].filter(([group]) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([group, infos]) => apiGroup(group, infos)),
  };
}

/** `/apis/GROUP`. */
export function oneGroup(storage: Storage, group: string): JsonRecord | undefined {
  const infos = byGroup(storage).get(group);
  return infos === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, infos) };
}

/** `/apis/GROUP/VERSION`, `/api/v1`. */
export function resourceList(storage: Storage, group: string, version: string): JsonRecord | undefined {
  const infos =
    byGroup(storage)
      .get(group)
      ?.filter((info) => info.version === version) ?? [];
  if (infos.length === 0) return undefined;
  const resources = infos.flatMap((info) => {
    const { resource: name, singular: singularName, namespaced, kind, shortNames, categories } = info;
    const own: JsonRecord = { name, singularName, namespaced, kind, verbs: info.verbs ?? ALL_VERBS };
    if (shortNames.length > 0) own.shortNames = shortNames;
    if (categories !== undefined) own.categories = categories;
    const subresources = subresourcesOf(info).map((sub) => ({
      name: `${name}/${sub.name}`,
      singularName: '',
      namespaced,
      kind: sub.kind,
      verbs: sub.verbs,
      ...(sub.group === group ? {} : { group: sub.group, version: sub.version }),
    }));
    return [own, ...subresources];
  });
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion({ group, version }),
    resources,
  };
}

function aggregatedResource(info: ResourceInfo): JsonRecord {
  const subresources = subresourcesOf(info).map(({ name, kind, group, version, verbs }) => ({
    subresource: name,
    responseKind: { group, version, kind },
    verbs,
  }));
  return {
    resource: info.resource,
    responseKind: { group: info.group, version: info.version, kind: info.kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs ?? ALL_VERBS,
    ...(info.shortNames.length > 0 ? { shortNames: info.shortNames } : {}),
    ...(info.categories === undefined ? {} : { categories: info.categories }),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

/** `/api` and `/apis` for clients that ask for everything at once. */
export function aggregated(storage: Storage, isCore: boolean, version: string): JsonRecord {
  const groups = [...byGroup(storage)].filter(([group]) => (group === '') === isCore);
  const items = groups.map(([group, infos]) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(infos).map((name) => ({
      version: name,
      resources: infos.filter((info) => info.version === name).map(aggregatedResource),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}
