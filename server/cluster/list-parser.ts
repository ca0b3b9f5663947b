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

/**
 * Takes a list answer apart as it comes in: each item is a slice of bytes to be parsed alone, the rest is the envelope.
 * An API server ignores `limit` with `resourceVersion=0` and sends the whole list, hundreds of megabytes, which as one
 * text would block for seconds or exceed what a string may hold.
 */
export class ListParser {
  /** Bytes of the answer outside its items. */
  #envelope = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inItems = false;
  /** Begin of the current item in earlier pieces. */
  #parts: Buffer[] = [];

  /** Complete items of the next piece of the answer. */
  *push(piece: Buffer): Generator<Buffer> {
    let at = 0;
    while (at < piece.length) {
      if (!this.#inItems) {
        at = this.#readEnvelope(piece, at);
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
      yield this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
      this.#parts = [];
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
