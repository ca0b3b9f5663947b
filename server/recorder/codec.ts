import 'server-only';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DICTIONARY } from './dictionary';

/** First byte of a packed body: how to read the rest. Old ones are read for ever. */
const PLAIN = 0;
const WITH_DICTIONARY = 1;
const STORED = 2;
/** Four bytes how long a note is, the note (packed), and the body (packed). */
const NOTED = 3;
/** Above it a dictionary brings little, and loading it costs more than packing. */
const LARGE = 8 * 1024;

const dictionary = Buffer.from(DICTIONARY);
/** With a sum over what was packed: damage is found, wherever it is. */
const CHECKED = { [constants.ZSTD_c_checksumFlag]: 1 };
const QUICKLY = { params: { ...CHECKED, [constants.ZSTD_c_compressionLevel]: 1 } };

/** What unpacks to some hundred kilobytes, as partitions do, takes two thirds of the time with room for it at once. */
const IN_ONE = { chunkSize: 256 * 1024 };

/** Packs a text. */
export function pack(text: string): Uint8Array {
  return packBytes(Buffer.from(text));
}

/** Packs what is a text as UTF-8. */
export function packBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length > LARGE
    ? marked(PLAIN, zstdCompressSync(bytes, { params: CHECKED }))
    : marked(WITH_DICTIONARY, zstdCompressSync(bytes, { params: CHECKED, dictionary }));
}

/** Packs what is soon packed anew: as quickly as that goes. */
export function packQuickly(bytes: Uint8Array): Uint8Array {
  return bytes.length > LARGE ? marked(PLAIN, zstdCompressSync(bytes, QUICKLY)) : packBytes(bytes);
}

/** A text as it is, in the form of a packed one: of thousands at a time packing would cost more than room does. */
export function store(text: string): Uint8Array {
  return marked(STORED, Buffer.from(text));
}

/** A packed body with a short packed text before it, which can be read alone. */
export function noted(body: Uint8Array, note: string): Uint8Array {
  const packed = pack(note);
  const head = Buffer.alloc(5);
  head[0] = NOTED;
  head.writeUInt32LE(packed.length, 1);
  return Buffer.concat([head, packed, body]);
}

/** The note of a packed body; null where it has none. Throws {@link DamagedBody} where it is damaged. */
export function noteOf(body: Uint8Array): string | null {
  const [note] = split(body);
  return note && unpack(note);
}

function split(body: Uint8Array): readonly [note: Uint8Array | null, body: Uint8Array] {
  if (body[0] !== NOTED) return [null, body];
  const start = 5;
  const end =
    start + (body.length < start ? 0 : new DataView(body.buffer, body.byteOffset).getUint32(1, true));
  // A note or a body that has a note of its own would never have been written.
  if (end >= body.length || body[start] === NOTED || body[end] === NOTED)
    throw new DamagedBody('a recorded body is cut off within its note');
  return [body.subarray(start, end), body.subarray(end)];
}

/** What is kept cannot be read: it is not what was written. */
export class DamagedBody extends Error {
  override readonly name = 'DamagedBody';
}

/** The text of a packed body; throws {@link DamagedBody} where it is damaged or of a version to come. */
export function unpack(body: Uint8Array): string {
  return unpackBytes(body).toString();
}

/** The same as UTF-8. */
export function unpackBytes(whole: Uint8Array): Buffer {
  const [, body] = split(whole);
  const kind = body[0];
  const packed = body.subarray(1);
  if (kind === STORED) return Buffer.from(packed);
  if (kind !== PLAIN && kind !== WITH_DICTIONARY)
    throw new DamagedBody(`a recorded body has the unknown packing ${kind}`);
  try {
    if (kind === WITH_DICTIONARY) return zstdDecompressSync(packed, { dictionary });
    return zstdDecompressSync(packed, packed.length > LARGE / 8 ? IN_ONE : undefined);
  } catch (error) {
    throw new DamagedBody('a recorded body cannot be unpacked', { cause: error });
  }
}

function marked(kind: number, packed: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(kind), packed]);
}
