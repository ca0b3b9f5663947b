/** Names and what stands for them: one name has one pseudonym, wherever it occurs. */

const MOST_IN_TEXT = 3;
/** What stands for "any" or for nothing tells nothing. */
const NO_NAME: ReadonlySet<string> = new Set(['', '*', '-', '/', '.']);

/** Makes pseudonyms such as `service-3`: of its kind, or `name-3` where a name stands for things of several kinds. */
export class Pseudonyms {
  readonly #kinds = new Map<string, Set<string>>();
  readonly #pseudonyms = new Map<string, string>();
  readonly #issued = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** Notes that a name occurs; all are to be noted before the first is asked for. */
  note(kind: string, name: string): void {
    if (NO_NAME.has(name)) return;
    const kinds = this.#kinds.get(name);
    if (kinds) kinds.add(kind);
    else this.#kinds.set(name, new Set([kind]));
  }

  /** The pseudonym of a name; one that was never noted gets one now. */
  of(name: string, kind = 'name'): string {
    if (NO_NAME.has(name) || this.#issued.has(name)) return name;
    const known = this.#pseudonyms.get(name);
    if (known !== undefined) return known;
    const kinds = this.#kinds.get(name) ?? new Set([kind]);
    const made = this.#make(kinds.size === 1 ? ([...kinds][0] ?? kind) : 'name');
    this.#pseudonyms.set(name, made);
    return made;
  }

  /** What a text says in place of a word: null where it is no name that is known. Of one or two letters it could be any word. */
  inText(word: string): string | null {
    if (this.#issued.has(word)) return word;
    return word.length >= MOST_IN_TEXT && this.#kinds.has(word) ? this.of(word) : null;
  }

  /** Names that are not one word of a text, the longest first. */
  phrases(isWord: (name: string) => boolean): readonly string[] {
    return [...this.#kinds.keys()]
      .filter((name) => name.length >= MOST_IN_TEXT && !isWord(name))
      .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  }

  #make(kind: string): string {
    for (;;) {
      const n = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, n);
      const made = shaped(kind, n);
      // One that is the name of something else would mislead.
      if (this.#kinds.has(made)) continue;
      this.#issued.add(made);
      return made;
    }
  }
}

function shaped(kind: string, n: number): string {
  if (kind === 'host') return `host-${n}.example`;
  if (kind === 'path') return `/path-${n}`;
  return `${kind}-${n}`;
}
