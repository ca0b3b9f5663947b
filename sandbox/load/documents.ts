/* Texts → objects, each with the place where it stands. */
import { isMap, isSeq, LineCounter, parseAllDocuments, type Document, type Node as YamlNode } from 'yaml'
import type { KubeObject } from '../controllers/shapes'
import { LoadError } from './load-error'
import type { Source } from './sources'

export interface LoadedObject {
  readonly object: KubeObject & { apiVersion: string; kind: string }
  /** `file:line` */
  readonly place: string
}

// What etcd takes by default.
const MAX_OBJECT_BYTES = 1.5 * 2 ** 20
const MAX_PROBLEMS = 20

/** Parses every document of every source; throws all that is wrong at once. */
export function parseSources(sources: readonly Source[]): LoadedObject[] {
  const problems: string[] = []
  const objects = sources.flatMap((source) => {
    const placed = parseSource(source, problems)
    return placed.flatMap(({ value, line }) => flatten(value, `${source.name}:${line}`, problems))
  })
  if (problems.length > MAX_PROBLEMS) problems.splice(MAX_PROBLEMS, problems.length, `… and ${problems.length - MAX_PROBLEMS} more`)
  if (problems.length > 0) throw new LoadError(problems)
  if (objects.length === 0) throw new LoadError([`${sources.map((source) => source.name).join(', ')}: nothing in it: no Kubernetes object found`])
  return objects
}

interface Placed {
  readonly value: unknown
  readonly line: number
}

function parseSource(source: Source, problems: string[]): Placed[] {
  const json = parseJson(source.text)
  if (json) return json
  const lines = new LineCounter()
  const documents = parseAllDocuments(source.text, { lineCounter: lines, merge: true, prettyErrors: false })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => readDocument(document, source, lines, problems))
}

/** JSON is read by the engine's own parser: a dump may have hundreds of megabytes. */
function parseJson(text: string): Placed[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : [value]).map((entry) => ({ value: entry, line: 1 }))
  } catch {
    // The YAML parser reads it too, and knows the line of the mistake.
    return undefined
  }
}

function readDocument(document: Document, source: Source, lines: LineCounter, problems: string[]): Placed[] {
  const [error] = document.errors
  if (error) {
    const hint = source.text.includes('{{') ? ' (this looks like a template: render it first, for example with `helm template`)' : ''
    problems.push(`${source.name}:${lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message.split('\n')[0]}${hint}`)
    return []
  }
  const contents = document.contents as YamlNode | null
  const line = lines.linePos(contents?.range?.[0] ?? 0).line
  try {
    const value: unknown = document.toJS()
    if (value === null || value === undefined) return []
    const items = isMap(contents) ? contents.get('items', true) : undefined
    if (!isSeq(items) || !isList(value)) return [{ value, line }]
    return value.items.map((item, index) => ({ value: item, line: lines.linePos((items.items[index] as YamlNode).range?.[0] ?? 0).line }))
  } catch (cause) {
    problems.push(`${source.name}:${line}: not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`)
    return []
  }
}

function isList(value: unknown): value is { items: unknown[] } {
  return isRecord(value) && typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function flatten(value: unknown, place: string, problems: string[]): LoadedObject[] {
  if (isList(value)) return value.items.flatMap((item, index) => flatten(item, `${place} (item ${index + 1})`, problems))
  const fault = objectFault(value)
  if (fault) {
    problems.push(`${place}: ${fault}`)
    return []
  }
  return [{ object: value as LoadedObject['object'], place }]
}

function objectFault(value: unknown): string | undefined {
  if (!isRecord(value)) return `not a Kubernetes object: a mapping with apiVersion, kind and metadata is wanted, this is ${Array.isArray(value) ? 'a list' : `"${String(value).slice(0, 40)}"`}`
  if (typeof value.kind !== 'string' || value.kind === '') return 'no kind'
  if (typeof value.apiVersion !== 'string' || value.apiVersion === '') return `no apiVersion (kind ${value.kind})`
  const { metadata } = value
  const name = isRecord(metadata) ? metadata.name : undefined
  if (typeof name !== 'string' || name === '') {
    if (typeof name === 'number' || typeof name === 'boolean') return `${value.kind}: metadata.name must be text: put ${String(name)} in quotes`
    const generated = isRecord(metadata) && typeof metadata.generateName === 'string'
    return generated ? `${value.kind}: metadata.generateName alone is not enough: give metadata.name` : `${value.kind} without metadata.name`
  }
  if (isRecord(metadata) && metadata.namespace !== undefined && typeof metadata.namespace !== 'string') return `${value.kind} ${name}: metadata.namespace must be text`
  const size = approximateSize(value)
  if (size > MAX_OBJECT_BYTES) return `${value.kind} ${name}: too large (${(size / 2 ** 20).toFixed(1)} MiB; a cluster takes 1.5 MiB at most)`
  return undefined
}

function approximateSize(value: unknown): number {
  return JSON.stringify(value).length
}
