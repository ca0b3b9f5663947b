/* What only files tell: private keys that are kept with the manifests, and API versions that are gone. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from '@/lib/diagnosis/codes';
import { draft } from '@/lib/diagnosis/draft';
import type { Ref } from '@/lib/kube/refs';
import type { Finding, Severity } from '@/lib/topology/model';
import type { LoadedObject } from '@/sandbox/load/documents';
import type { Source } from '@/sandbox/load/sources';
import type { Located } from './result';

const KEY_BLOCK = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const KEY_FIELD = /^\s*["']?tls\.key["']?\s*:\s*(.*)$/;
const KEY_FILE = /\.(key|pem|pfx|p12)$/i;
const KEY_STORE = /\.(pfx|p12)$/i;
/** Encrypted or made elsewhere: what stands there is no key. */
const SEALED = /^kind:\s*["']?(SealedSecret|ExternalSecret)\b|^sops:|\bENC\[|\$ANSIBLE_VAULT|^.?GITCRYPT/m;
const EXAMPLE = /(^|[/\\])(testdata|fixtures?|examples?|tests?)([/\\]|$)/i;
const EMPTY_VALUE = /^(["']{2}|~|null|\{\{.*|\|-?|>-?)?\s*$/;
const OLD_APIS = new Set(['extensions/v1beta1', 'networking.k8s.io/v1beta1']);
const SKIPPED = new Set(['node_modules', '.git']);
const LONGEST_KEY_FILE = 1024 * 1024;

function finding(
  code: string,
  subject: Ref,
  words: Pick<Finding, 'title' | 'detail'>,
  severity?: Severity,
): Finding {
  const info = CODES[code];
  const {
    holdMs: _hold,
    startedAt: _start,
    ...rest
  } = draft({
    code,
    severity: severity ?? info?.severity ?? 'warning',
    impact: 'risk',
    hop: info?.hop ?? 'best-practice',
    subject,
    ...words,
    fix: { summary: info?.mend ?? '' },
  });
  return { ...rest, settled: true, since: null };
}

function fileRef(file: string, line: number): Ref {
  return { group: '', version: '', resource: '', kind: 'File', namespace: '', name: `${file}:${line}` };
}

function keyFinding(file: string, line: number, how: string): Located {
  const words = { title: `Private key in ${file}`, detail: `${file}:${line} ${how}` };
  const severity = EXAMPLE.test(file) ? ('info' as const) : undefined;
  return {
    finding: finding('tls-key-in-manifests', fileRef(file, line), words, severity),
    place: { file, line },
  };
}

/** Lines of a manifest's text where a private key stands; the value is looked at and forgotten. */
export function keysInText({ name: file, text }: Source): readonly Located[] {
  if (SEALED.test(text)) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (KEY_BLOCK.test(line)) return [keyFinding(file, index + 1, 'begins a PEM block of a private key')];
    const field = KEY_FIELD.exec(line);
    if (!field) return [];
    // A block value shows its PEM header on a line of its own.
    return EMPTY_VALUE.test(field[1] ?? '') ? [] : [keyFinding(file, index + 1, 'gives tls.key a value')];
  });
}

/** Key files in the folders that were named. */
export function keyFiles(paths: readonly string[]): readonly Located[] {
  return paths
    .filter((path) => path !== '-' && statSync(path).isDirectory())
    .flatMap(filesOf)
    .flatMap(keyFile);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesOf(path);
    return entry.isFile() && KEY_FILE.test(entry.name) ? [path] : [];
  });
}

function keyFile(file: string): readonly Located[] {
  const { size } = statSync(file);
  if (size === 0) return [];
  if (KEY_STORE.test(file)) return [keyFinding(file, 1, 'is a key store')];
  if (size > LONGEST_KEY_FILE) return [];
  const text = readFileSync(file, 'latin1');
  if (SEALED.test(text)) return [];
  const line = text.split('\n').findIndex((each) => KEY_BLOCK.test(each));
  return line < 0 ? [] : [keyFinding(file, line + 1, 'begins a PEM block of a private key')];
}

/** Ingresses written for an API that no cluster serves any more. */
export function oldApis(documents: readonly LoadedObject[]): readonly Located[] {
  return documents
    .filter(({ object }) => OLD_APIS.has(object.apiVersion) && /^Ingress(Class)?$/.test(object.kind))
    .map(({ object, place }) => {
      const { namespace = 'default', name } = object.metadata;
      const at = placeOf(place);
      const subject: Ref = {
        group: 'networking.k8s.io',
        version: 'v1beta1',
        resource: object.kind === 'Ingress' ? 'ingresses' : 'ingressclasses',
        kind: object.kind,
        namespace: object.kind === 'Ingress' ? namespace : '',
        name,
      };
      const words = {
        title: `${object.kind} ${name} is written for ${object.apiVersion}`,
        detail: `${place}: Kubernetes 1.22 and newer refuse ${object.apiVersion}`,
      };
      return { finding: finding('ingress-api-deprecated', subject, words), place: at };
    });
}

/** `FILE:LINE` as a place. */
export function placeOf(text: string): { readonly file: string; readonly line: number } {
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), line: Number(text.slice(colon + 1)) || 1 };
}
