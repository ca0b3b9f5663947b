/* Names with suffixes as controllers make them. */
import { createHash, randomInt } from 'node:crypto';

// Kubernetes leaves out vowels and look-alikes, so that no suffix spells a word.
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix like `x7k2p`. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** A stable hash of a pod template, as used in ReplicaSet names. */
export function templateHash(template: unknown, collisions = 0, length = 10): string {
  const digest = createHash('sha256').update(canonicalJson(template)).update(String(collisions)).digest();
  return Array.from(digest.subarray(0, length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
