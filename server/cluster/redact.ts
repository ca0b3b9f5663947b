import 'server-only';
import { list, type Raw, record, text } from '@/lib/kube/project/raw';
import { isPlainEnv, maskArguments, maskSnippet, maskUrls, REDACTED } from '@/lib/kube/project/secrecy';

/** Annotations that hold a copy of the whole object, Secret values included. */
const COPIES = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'objectset.rio.cattle.io/applied',
  'kapp.k14s.io/original',
  'banzaicloud.com/last-applied',
]);

function redactedValues(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(record(value)).map((key) => [key, REDACTED]));
}

function metadata(value: unknown): Raw {
  const raw = record(value);
  const out: Record<string, unknown> = { ...raw };
  if (raw.annotations !== undefined) {
    out.annotations = Object.fromEntries(
      Object.entries(record(raw.annotations))
        .filter(([key]) => !COPIES.has(key))
        .map(([key, content]) => [key, annotation(key, content)]),
    );
  }
  if (raw.managedFields !== undefined) {
    out.managedFields = list(raw.managedFields).map((entry) => {
      const { manager, operation, time } = record(entry);
      return { manager, operation, time };
    });
  }
  return out;
}

function annotation(key: string, content: unknown): unknown {
  if (typeof content !== 'string') return content;
  return maskUrls(key.includes('snippet') ? maskSnippet(content) : content);
}

/** Credentials of containers (environment, command lines, probes' headers) and of templates, wherever they stand. */
function redactContainers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactContainers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactMember(key, member)]));
}

function redactMember(key: string, member: unknown): unknown {
  if (key === 'metadata') return metadata(member);
  if (!Array.isArray(member)) return redactContainers(member);
  if (key === 'env' || key === 'httpHeaders') return member.map(redactVariable);
  if (key === 'args' || key === 'command') return maskArguments(member.map(text)).map(maskScript);
  return redactContainers(member);
}

/** An argument of several words is a script: `sh -c "curl -H 'Authorization: …'"`. */
function maskScript(argument: string): string {
  return /\s/.test(argument) ? maskSnippet(argument) : argument;
}

function redactVariable(entry: unknown): unknown {
  const variable = record(entry);
  const value = text(variable.value);
  return value === '' || isPlainEnv(text(variable.name), value) ? entry : { ...variable, value: REDACTED };
}

/** An object as people may see it: no Secret value, no copy of the object in an annotation, no managed fields' bodies. */
export function redactObject(raw: unknown, isSecret: boolean): Raw {
  const object = record(raw);
  const out: Record<string, unknown> = { ...object, metadata: metadata(object.metadata) };
  if (isSecret || object.kind === 'Secret') {
    // Annotations of Secrets are written by many tools, and some write values.
    const { annotations, ...rest } = record(out.metadata);
    out.metadata = annotations === undefined ? rest : { ...rest, annotations: redactedValues(annotations) };
    if (object.data !== undefined) out.data = redactedValues(object.data);
    if (object.stringData !== undefined) out.stringData = redactedValues(object.stringData);
    return out;
  }
  for (const part of ['spec', 'template']) if (part in object) out[part] = redactContainers(object[part]);
  return out;
}
