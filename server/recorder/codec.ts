import 'server-only';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DICTIONARY } from './dictionary';

/** First byte of a packed body: how to read the rest. Old ones are read for ever. */
const PLAIN = 0;
const WITH_DICTIONARY = 1;
const STORED = 2;
/** Above it a dictionary brings little, and loading it costs more than packing. */
const LARGE = 8 * 1024;

const dictionary = Buffer.from(DICTIONARY);
/** With a sum over what was packed: damage is found, wherever it is. */
const CHECKED = { [constants.ZSTD_c_checksumFlag]: 1 };
const QUICKLY = { params: { ...CHECKED, [constants.ZSTD_c_compressionLevel]: 1 } };

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

/** What is kept cannot be read: it is not what was written. */
export class DamagedBody extends Error {
  override readonly name = 'DamagedBody';
}

/** The text of a packed body; throws {@link DamagedBody} where it is damaged or of a version to come. */
export function unpack(body: Uint8Array): string {
  return unpackBytes(body).toString();
}

/** The same as UTF-8. */
export function unpackBytes(body: Uint8Array): Buffer {
  const kind = body[0];
  const packed = body.subarray(1);
  if (kind === STORED) return Buffer.from(packed);
  if (kind !== PLAIN && kind !== WITH_DICTIONARY)
    throw new DamagedBody(`a recorded body has the unknown packing ${kind}`);
  try {
    return kind === PLAIN ? zstdDecompressSync(packed) : zstdDecompressSync(packed, { dictionary });
  } catch (error) {
    throw new DamagedBody('a recorded body cannot be unpacked', { cause: error });
  }
}

function marked(kind: number, packed: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(kind), packed]);
}
