/** Words of a text as names occur in it: a DNS name whole and by its labels, without case. */

const WORD = /[\p{L}\p{N}*_][\p{L}\p{N}._*-]*/gu;

/** Every word that could be somebody's name. Names are cut at what no name contains: slashes, quotes, colons, equal signs. */
export function* wordsOf(text: string): Generator<string> {
  for (const [raw] of text.toLowerCase().matchAll(WORD)) {
    const word = raw.replace(/[._-]+$/, '');
    yield word;
    if (word.includes('.')) for (const label of word.split('.')) if (label !== '') yield label;
  }
}

/** Every string within a JSON value, keys of objects included. */
export function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* stringsIn(item);
    }
  }
}
