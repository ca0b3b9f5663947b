import type { ConfigMap } from '@/lib/kube/objects';
import { lastEdit } from './edit';
import type { Interner } from './interner';
import { meta } from './meta';
import { cut, type Raw, record, text } from './raw';
import { isPlainEnv, maskSnippet, REDACTED } from './secrecy';

const LONGEST_VALUE = 16_384;
const MOST_KEYS = 500;

/** A ConfigMap that a controller reads its settings from. What is named like a credential is masked, as is one in a text. */
export function projectConfigMap(raw: Raw, interner: Interner): ConfigMap | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const data: Record<string, string> = {};
  const source = record(raw.data);
  for (const key of Object.keys(source).sort().slice(0, MOST_KEYS)) {
    if (key === '__proto__') continue;
    const value = cut(text(source[key]), LONGEST_VALUE);
    data[key] = isPlainEnv(key, value) ? maskSnippet(value) : REDACTED;
  }
  return { ...common, data, edited: lastEdit(raw, interner) };
}
