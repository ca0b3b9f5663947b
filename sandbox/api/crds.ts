// Custom resource definitions: creating one makes its kinds served, deleting one
// takes them away with their objects.
import { crdColumns } from './crd-columns';
import { compareVersions } from './discovery';
import { array, at, isRecord, record, text } from './json';
import type { Storage, StorageEvent } from './storage';
import { type KubeObject, type ResourceInfo, resourceKey } from './types';

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

function words(value: unknown): string[] {
  return array(value).map(String);
}

function infoOf(definition: KubeObject, version: unknown): ResourceInfo {
  const names = record(at(definition, 'spec', 'names'));
  const subresources = record(at(version, 'subresources'));
  const schema = at(version, 'schema', 'openAPIV3Schema');
  const fields = array(at(version, 'selectableFields')).map((field) =>
    text(at(field, 'jsonPath')).replace(/^\./, ''),
  );
  const kind = text(names.kind);
  const scale = record(subresources.scale);
  return {
    group: text(at(definition, 'spec', 'group')),
    version: text(at(version, 'name')),
    resource: text(names.plural),
    singular: text(names.singular) || kind.toLowerCase(),
    kind,
    namespaced: at(definition, 'spec', 'scope') !== 'Cluster',
    shortNames: words(names.shortNames),
    ...(Array.isArray(names.categories) ? { categories: words(names.categories) } : {}),
    subresources: { status: subresources.status !== undefined, scale: subresources.scale !== undefined },
    columns: crdColumns(version),
    custom: true,
    ...(isRecord(schema) ? { schema } : {}),
    ...(fields.length > 0 ? { selectableFields: fields } : {}),
    ...(subresources.scale === undefined
      ? {}
      : {
          scalePaths: {
            spec: text(scale.specReplicasPath),
            status: text(scale.statusReplicasPath),
            selector: text(scale.labelSelectorPath),
          },
        }),
  };
}

/** The kinds that a definition serves, the preferred version first. */
export function kindsOf(definition: KubeObject): ResourceInfo[] {
  const versions = array(at(definition, 'spec', 'versions')).filter(
    (version) => at(version, 'served') !== false,
  );
  return versions
    .map((version) => infoOf(definition, version))
    .filter((info) => info.resource !== '' && info.group !== '' && info.kind !== '' && info.version !== '')
    .sort((a, b) => compareVersions(a.version, b.version));
}

function establish(storage: Storage, definition: KubeObject, now: number): void {
  if (
    array(at(definition, 'status', 'conditions')).some((condition) => at(condition, 'type') === 'Established')
  )
    return;
  const lastTransitionTime = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const condition = (type: string, reason: string, message: string): unknown => ({
    type,
    status: 'True',
    lastTransitionTime,
    reason,
    message,
  });
  const status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: at(definition, 'spec', 'names'),
    storedVersions: array(at(definition, 'spec', 'versions'))
      .filter((version) => at(version, 'storage') === true)
      .map((version) => at(version, 'name')),
  };
  storage.update(CRDS, { ...definition, status }, { status: true });
}

function serve(storage: Storage, definition: KubeObject): void {
  const infos = kindsOf(definition);
  for (const info of infos) storage.register(info);
  const [first] = infos;
  if (first !== undefined) storage.replaceVersions(resourceKey(first.group, first.resource), infos);
}

const followed = new WeakSet<Storage>();

/** Serves what the definitions in a storage define, now and from now on. Calling it again does nothing. */
export function followDefinitions(storage: Storage, now: () => number = Date.now, isRaw = false): void {
  if (followed.has(storage)) return;
  followed.add(storage);
  const see = (type: StorageEvent['type'], definition: KubeObject): void => {
    if (type === 'DELETED') {
      const [first] = kindsOf(definition);
      if (first !== undefined) storage.unregister(resourceKey(first.group, first.resource));
      return;
    }
    serve(storage, definition);
    if (!isRaw) establish(storage, definition, now());
  };
  for (const definition of storage.list(CRDS)) see('ADDED', definition);
  storage.onChange(({ type, resource, object }) => {
    if (resource === CRDS) see(type, object);
  });
}
