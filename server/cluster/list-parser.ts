import 'server-only';
import { ApiError } from './api-error';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LONGEST_ENVELOPE = 1024 * 1024;
const ITEMS = /"items"\s*:\s*\[$/;
/** Bytes parsed together at most: longer texts are no quicker, and V8 would treat them as large objects. */
const BATCH = 64 * 1024;
const FIRST_KEY = /^\{"[A-Za-z]{1,40}":/;

/**
 * Takes a list answer apart as it comes in: each item is parsed alone, the rest is the envelope. An API server ignores
 * `limit` with `resourceVersion=0` and sends the whole list, hundreds of megabytes, which as one text would block for
 * seconds or exceed what a string may hold.
 *
 * Where items end, a search for what an item begins with guesses: if all up to the last such place in a piece parses as
 * a list, these are its items, since no part of a JSON object is one. Else, and at the edges of pieces, bytes are counted.
 */
export class ListParser {
  readonly #parse: (text: string) => unknown;
  /** Bytes of the answer outside its items. */
  #envelope = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inItems = false;
  /** Begin of the current item in earlier pieces. */
  #parts: Buffer[] = [];
  /** What stands between two items, as the page's first item begins; null: not known, or of no use. */
  #between: Buffer | null = null;

  /** `parse`: `JSON.parse`, or what leaves out some fields of the items. */
  constructor(parse: (text: string) => unknown = JSON.parse) {
    this.#parse = parse;
  }

  /** Complete items of the next piece of the answer, parsed. */
  *push(piece: Buffer): Generator<unknown> {
    let at = 0;
    while (at < piece.length) {
      if (!this.#inItems) {
        at = this.#readEnvelope(piece, at);
        continue;
      }
      const guess = this.#guessItems(piece, at);
      if (guess) {
        at = guess.end;
        yield* guess.items;
        continue;
      }
      const start = at;
      const end = this.#readItem(piece, at);
      if (end < 0) {
        if (this.#depth > 2 || this.#inString) this.#parts.push(piece.subarray(this.#skipTo(piece, start)));
        return;
      }
      at = end;
      if (!this.#inItems) continue;
      const last = piece.subarray(this.#skipTo(piece, start), end);
      const item = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
      this.#parts = [];
      this.#between ??= betweenItems(item);
      yield this.#parseItem(item);
    }
  }

  #parseItem(bytes: Buffer): unknown {
    try {
      return this.#parse(bytes.toString('utf8'));
    } catch (cause) {
      throw new ApiError('invalid', 'an object of the answer is no JSON', { cause });
    }
  }

  /** The items that lie whole in this piece, before another one. */
  #guessItems(
    piece: Buffer,
    from: number,
  ): { readonly items: readonly unknown[]; readonly end: number } | null {
    if (this.#between === null || this.#depth !== 2 || this.#inString) return null;
    const start = piece[from] === OPEN_BRACE ? from : from + 1;
    const end = piece.lastIndexOf(this.#between, start + BATCH) + 1;
    if (start === 0 || piece[start] !== OPEN_BRACE || end <= start) return null;
    try {
      return { items: this.#parse(bracketed(piece, start, end)) as unknown[], end };
    } catch {
      // What stands between items stands in one of them too: their bytes are counted.
      return null;
    }
  }

  /** The envelope: `metadata` of the list. Throws when the answer broke off or is no list. */
  finish(): unknown {
    if (this.#depth !== 0 || this.#inItems) throw new ApiError('invalid', 'the list broke off');
    try {
      return JSON.parse(this.#envelope);
    } catch (cause) {
      throw new ApiError('invalid', 'the list is no JSON', { cause });
    }
  }

  /** The envelope as far as it stands before the items; null when there is none yet. Lets the next page be asked for early. */
  head(): unknown {
    if (!this.#inItems) return null;
    try {
      return JSON.parse(`${this.#envelope}]}`);
    } catch {
      return null;
    }
  }

  /** Past the comma and spaces between two items. */
  #skipTo(piece: Buffer, start: number): number {
    if (this.#parts.length > 0) return start;
    const brace = piece.indexOf(OPEN_BRACE, start);
    return brace < 0 ? piece.length : brace;
  }

  /** Reads up to the begin of the items or the end of the piece; the envelope is short. */
  #readEnvelope(piece: Buffer, from: number): number {
    for (let i = from; i < piece.length; i += 1) {
      const byte = piece[i] ?? 0;
      this.#step(byte);
      if (
        byte === OPEN_BRACKET &&
        this.#depth === 2 &&
        !this.#inString &&
        this.#isItems(piece, from, i + 1)
      ) {
        this.#envelope += piece.toString('latin1', from, i + 1);
        this.#inItems = true;
        return i + 1;
      }
    }
    this.#envelope += piece.toString('latin1', from);
    if (this.#envelope.length > LONGEST_ENVELOPE) throw new ApiError('invalid', 'the answer is no list');
    return piece.length;
  }

  #isItems(piece: Buffer, from: number, to: number): boolean {
    return ITEMS.test((this.#envelope + piece.toString('latin1', from, to)).slice(-40));
  }

  /** Index after the item that ends in this piece, or after the end of all items; -1: neither is in this piece. */
  #readItem(piece: Buffer, from: number): number {
    let depth = this.#depth;
    for (let i = this.#inString ? this.#skipString(piece, from) + 1 : from; i < piece.length; i += 1) {
      const byte = piece[i];
      if (byte === QUOTE) {
        this.#inString = true;
        i = this.#skipString(piece, i + 1);
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth <= 2) return this.#endItem(depth, i + 1);
      }
    }
    this.#depth = depth;
    return -1;
  }

  /** An item is complete (depth 2), or all are. */
  #endItem(depth: number, end: number): number {
    this.#depth = depth;
    if (depth < 2) {
      this.#inItems = false;
      this.#envelope += ']';
    }
    return end;
  }

  /** Index of the closing quote, or of the last byte of the piece. */
  #skipString(piece: Buffer, from: number): number {
    let i = from;
    if (this.#escaped) {
      this.#escaped = false;
      i += 1;
    }
    for (; i < piece.length; i += 1) {
      const byte = piece[i];
      if (byte === QUOTE) {
        this.#inString = false;
        return i;
      }
      if (byte === BACKSLASH) i += 1;
    }
    // The loop went past the end by one when the piece ends in a backslash.
    this.#escaped = i > piece.length;
    return piece.length - 1;
  }

  #step(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inString) {
      if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
    } else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#depth -= 1;
  }
}

/**
 * `[`, the text from `start` to `end`, `]`: written over what stands around it for a moment, which spares a copy of all.
 * `start` is not 0, and `end` lies within.
 */
function bracketed(piece: Buffer, start: number, end: number): string {
  const before = piece[start - 1] ?? 0;
  const after = piece[end] ?? 0;
  piece[start - 1] = OPEN_BRACKET;
  piece[end] = CLOSE_BRACKET;
  const text = piece.toString('utf8', start - 1, end + 1);
  piece[start - 1] = before;
  piece[end] = after;
  return text;
}

/** `},{"metadata":` and the like. Unescaped quotes: it cannot stand inside a text. */
function betweenItems(item: Buffer): Buffer | null {
  const first = FIRST_KEY.exec(item.toString('latin1', 0, 48));
  return first ? Buffer.from(`},${first[0]}`) : null;
}
