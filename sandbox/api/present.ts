// Objects as bytes in the form a client asked for; the plain form only joins cached bytes.
import type { Format } from './accept';
import { PLAIN_COLUMNS } from './columns/cluster';
import type { JsonRecord } from './json';
import type { Revision } from './revision';
import { type Column, groupVersion, type KubeObject, type ResourceInfo } from './types';

export type Include = 'None' | 'Metadata' | 'Object';

/** How to write the objects of one answer. */
export type Presentation = { format: Format; info: ResourceInfo; include: Include; now: number };

/** `includeObject` of a table request. */
export function includeOf(query: URLSearchParams): Include {
  const value = query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}

function versioned(object: KubeObject, info: ResourceInfo): KubeObject {
  const apiVersion = groupVersion(info);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** The object in the requested version, as bytes. */
export function plainBytes(revision: Revision, info: ResourceInfo): Buffer {
  if (revision.object.apiVersion === groupVersion(info)) return revision.bytes;
  return Buffer.from(JSON.stringify(versioned(revision.object, info)));
}

const OPEN = Buffer.from('{');

/** The object as an item of a list. */
export function itemBytes(revision: Revision, info: ResourceInfo): readonly Buffer[] {
  if (info.custom === true) return [plainBytes(revision, info)];
  const { tail } = revision;
  // The tail begins with a comma, or is the closing brace of an object that has nothing else.
  return [OPEN, tail[0] === 0x2c ? tail.subarray(1) : tail];
}

/** Metadata only. */
export function partial(object: KubeObject): JsonRecord {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function cell(column: Column, object: KubeObject, now: number): string | number | boolean | null {
  try {
    return column.value(object, now);
  } catch {
    // One odd object must not cost the whole table.
    return '<invalid>';
  }
}

function rowOf(object: KubeObject, presentation: Presentation): JsonRecord {
  const { info, include, now } = presentation;
  const cells = (info.columns ?? PLAIN_COLUMNS).map((column) => cell(column, object, now));
  if (include === 'None') return { cells, object: null };
  return { cells, object: include === 'Object' ? versioned(object, info) : partial(object) };
}

function definitions(info: ResourceInfo): JsonRecord[] {
  return (info.columns ?? PLAIN_COLUMNS).map(
    ({ name, type, format = '', priority = 0, description = '' }) => ({
      name,
      type,
      format,
      description,
      priority,
    }),
  );
}

/** A table of objects; in a watch only the first event brings the column definitions. */
export function table(
  objects: readonly KubeObject[],
  presentation: Presentation,
  metadata: JsonRecord,
  hasDefinitions = true,
): JsonRecord {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: hasDefinitions ? definitions(presentation.info) : [],
    rows: objects.map((object) => rowOf(object, presentation)),
  };
}

/** One object in the requested form. */
export function present(revision: Revision, presentation: Presentation, isFirst = true): Buffer {
  const { object } = revision;
  switch (presentation.format) {
    case 'plain':
      return plainBytes(revision, presentation.info);
    case 'metadata':
      return Buffer.from(JSON.stringify(partial(object)));
    case 'table': {
      const { resourceVersion = '' } = object.metadata;
      return Buffer.from(JSON.stringify(table([object], presentation, { resourceVersion }, isFirst)));
    }
  }
}
