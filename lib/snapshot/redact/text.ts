/** Sentences without names: what is kept is what the dashboard itself says, numbers and pseudonyms; all else is left out. */
import type { Pseudonyms } from './pseudonyms';
import { isVocabulary } from './vocabulary';

const HIDDEN = '…';
const WORD = /[^\s"'“”‘’`()[\]{}<>,;!?|→·…]+/gu;
const WHOLE_WORD = /^[^\s"'“”‘’`()[\]{}<>,;!?|→·…]+$/u;
const BETWEEN = /([/:=@&?#~%+*^$\\]+)/u;
const NUMBER = /^[-+]?\d+([.,]\d+)*(ms|s|m|h|d|%|Ki|Mi|Gi|k|M|G|x)?$/;
const VERSION = /^v\d+((alpha|beta)\d+)?(\.\d+)*$/;
const TIME = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/;
const SCHEME = /^(https?|wss?|grpcs?|tcp|udp|postgres|mysql|redis):\/\//;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const IPV6 = /^[\da-f]{0,4}(:[\da-f]{0,4}){2,7}(\/\d{1,3})?$/i;
/** A path into an object. */
const FIELD = /^(spec|status|metadata|data|roleRef)\./;
/** Who changed something last, as evidence says it. */
const MANAGER = /(?<=\bchanged by )\S+/g;
const CLOCK = /^\d{1,2}(:\d{2}){1,2}$/;

/** Whether a name is found as one word of a text. */
export function isOneWord(name: string): boolean {
  return WHOLE_WORD.test(name);
}

/** Makes the function that takes the names out of sentences. */
export function scrubber(pseudonyms: Pseudonyms): (text: string) => string {
  const phrases = pseudonyms.phrases(isOneWord);
  return (text) => {
    let rest = text.replace(MANAGER, (name) => pseudonyms.of(name, 'manager'));
    for (const phrase of phrases)
      if (rest.includes(phrase)) rest = rest.replaceAll(phrase, () => pseudonyms.of(phrase));
    return rest.replace(WORD, (word) => scrubWord(word, pseudonyms));
  };
}

function scrubWord(word: string, pseudonyms: Pseudonyms): string {
  const known = pseudonyms.inText(word);
  if (known !== null) return known;
  const [, head = '', core = '', tail = ''] = /^([.:_-]*)(.*?)([.:_-]*)$/su.exec(word) ?? [];
  return `${head}${scrubCore(core, pseudonyms)}${tail}`;
}

function scrubCore(core: string, pseudonyms: Pseudonyms): string {
  const scheme = SCHEME.exec(core)?.[0] ?? '';
  if (scheme !== '') return `${scheme}${scrubCore(core.slice(scheme.length), pseudonyms)}`;
  const known = pseudonyms.inText(core) ?? addressFor(core, pseudonyms);
  if (known !== null) return known;
  if (isPlain(core)) return core;
  // A path that is known by itself stands at the end of a host.
  const slash = core.indexOf('/');
  const path = slash > 0 ? pseudonyms.inText(core.slice(slash)) : null;
  if (path !== null) return `${scrubCore(core.slice(0, slash), pseudonyms)}${path}`;
  return core
    .split(BETWEEN)
    .map((piece, index) => (index % 2 === 1 ? piece : scrubPiece(piece, pseudonyms)))
    .join('');
}

function addressFor(word: string, pseudonyms: Pseudonyms): string | null {
  if (CLOCK.test(word)) return null;
  return IPV4.test(word) || IPV6.test(word) ? pseudonyms.of(word, 'address') : null;
}

function scrubPiece(piece: string, pseudonyms: Pseudonyms): string {
  if (piece === '') return '';
  const [, core = '', tail = ''] = /^(.*?)([.:_-]*)$/su.exec(piece) ?? [];
  const known = pseudonyms.inText(core) ?? addressFor(core, pseudonyms);
  if (known !== null) return `${known}${tail}`;
  return `${isPlain(core) ? core : HIDDEN}${tail}`;
}

/** Numbers, times, fields, and words of the dashboard's own. Words that are joined must be known as such: most of those are names. */
function isPlain(word: string): boolean {
  if (word === '' || NUMBER.test(word) || TIME.test(word) || CLOCK.test(word) || VERSION.test(word))
    return true;
  if (isVocabulary(word)) return true;
  return FIELD.test(word) && word.split('.').every((part) => part === '' || isVocabulary(part));
}
