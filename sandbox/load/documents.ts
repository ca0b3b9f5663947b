/* Texts → objects, each with the place where it stands. */
import {
  type Document,
  isCollection,
  isMap,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Node as YamlNode,
} from 'yaml';
import type { KubeObject } from '../controllers/shapes';
import { LoadError } from './load-error';
import type { Source } from './sources';

export interface LoadedObject {
  readonly object: KubeObject & { apiVersion: string; kind: string };
  /** `file:line` */
  readonly place: string;
}

// What etcd takes by default.
const MAX_OBJECT_BYTES = 1.5 * 2 ** 20;
const MAX_PROBLEMS = 20;
const TEMPLATE_HINT = 'this looks like a template: render it first, for example with `helm template`';

/**
 * Parses every document of every source; throws all that is wrong at once. Files of a folder that are no manifests at all
 * (values of a chart, settings of a pipeline) are left out: `onSkipped` is told of each in a line.
 */
export function parseSources(
  sources: readonly Source[],
  onSkipped: (line: string) => void = () => undefined,
): LoadedObject[] {
  const problems: string[] = [];
  const objects = sources.flatMap((source) => {
    const placed = parseSource(source, problems);
    if (source.isFound === true && placed.length > 0 && !placed.some(isMeantAsObject)) {
      onSkipped(`${source.name}: left out: nothing in it has a kind`);
      return [];
    }
    return placed.flatMap(({ value, line }) => flatten(value, `${source.name}:${line}`, problems));
  });
  if (problems.length > MAX_PROBLEMS)
    problems.splice(MAX_PROBLEMS, problems.length, `… and ${problems.length - MAX_PROBLEMS} more`);
  if (problems.length > 0) throw new LoadError(problems);
  if (objects.length === 0)
    throw new LoadError([
      `${sources.map((source) => source.name).join(', ')}: nothing in it: no Kubernetes object found`,
    ]);
  return objects;
}

interface Placed {
  readonly value: unknown;
  readonly line: number;
}

function parseSource(source: Source, problems: string[]): Placed[] {
  const json = parseJson(source.text);
  if (json) return json;
  const lines = new LineCounter();
  const documents = parseAllDocuments(source.text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => readDocument(document, source, lines, problems));
}

/** With any of these it is an object, if perhaps a wrong one, which is told. */
function isMeantAsObject({ value }: Placed): boolean {
  return isRecord(value) && ['kind', 'metadata', 'spec'].some((key) => key in value);
}

/** JSON is read by the engine's own parser: a dump may have hundreds of megabytes. */
function parseJson(text: string): Placed[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map((entry) => ({ value: entry, line: 1 }));
  } catch {
    // The YAML parser reads it too, and knows the line of the mistake.
    return undefined;
  }
}

function readDocument(document: Document, source: Source, lines: LineCounter, problems: string[]): Placed[] {
  const [error] = document.errors;
  const template = templateOffset(document) ?? (source.text.includes('{{') ? error?.pos[0] : undefined);
  if (template !== undefined) {
    problems.push(`${source.name}:${lines.linePos(template).line}: not valid YAML: ${TEMPLATE_HINT}`);
    return [];
  }
  if (error) {
    problems.push(
      `${source.name}:${lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message.split('\n')[0]}`,
    );
    return [];
  }
  const contents = document.contents as YamlNode | null;
  const line = lines.linePos(contents?.range?.[0] ?? 0).line;
  try {
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    const items = isMap(contents) ? contents.get('items', true) : undefined;
    if (!isSeq(items) || !isList(value)) return [{ value, line }];
    return value.items.map((item, index) => ({
      value: item,
      line: lines.linePos((items.items[index] as YamlNode).range?.[0] ?? 0).line,
    }));
  } catch (cause) {
    problems.push(
      `${source.name}:${line}: not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
    return [];
  }
}

/** `{{ x }}` without quotes is a mapping as the key of a mapping, which no Kubernetes object has. */
function templateOffset(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair(_key, pair) {
      if (!isCollection(pair.key)) return undefined;
      offset = pair.key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function isList(value: unknown): value is { items: unknown[] } {
  return (
    isRecord(value) &&
    typeof value.kind === 'string' &&
    value.kind.endsWith('List') &&
    Array.isArray(value.items)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function flatten(value: unknown, place: string, problems: string[]): LoadedObject[] {
  if (isList(value))
    return value.items.flatMap((item, index) => flatten(item, `${place} (item ${index + 1})`, problems));
  const fault = objectFault(value);
  if (fault) {
    problems.push(`${place}: ${fault}`);
    return [];
  }
  return [{ object: value as LoadedObject['object'], place }];
}

function objectFault(value: unknown): string | undefined {
  if (!isRecord(value)) {
    const what = Array.isArray(value) ? 'a list' : `"${String(value).slice(0, 40)}"`;
    return `not a Kubernetes object: a mapping with apiVersion, kind and metadata is wanted, this is ${what}`;
  }
  const { kind, apiVersion } = value;
  if (typeof kind !== 'string' || kind === '') return 'no kind';
  if (typeof apiVersion !== 'string' || apiVersion === '') return `no apiVersion (kind ${kind})`;
  return metadataFault(kind, isRecord(value.metadata) ? value.metadata : {}) ?? sizeFault(kind, value);
}

function metadataFault(kind: string, metadata: Record<string, unknown>): string | undefined {
  const { name, namespace } = metadata;
  if (typeof name === 'number' || typeof name === 'boolean')
    return `${kind}: metadata.name must be text: put ${String(name)} in quotes`;
  if (typeof name !== 'string' || name === '')
    return metadata.generateName === undefined
      ? `${kind} without metadata.name`
      : `${kind}: metadata.generateName alone is not enough: give metadata.name`;
  if (namespace !== undefined && typeof namespace !== 'string')
    return `${kind} ${name}: metadata.namespace must be text`;
  return undefined;
}

function sizeFault(kind: string, value: Record<string, unknown>): string | undefined {
  const size = JSON.stringify(value).length;
  if (size <= MAX_OBJECT_BYTES) return undefined;
  const { name } = value.metadata as { name: string };
  return `${kind} ${name}: too large (${(size / 2 ** 20).toFixed(1)} MiB; a cluster takes 1.5 MiB at most)`;
}
