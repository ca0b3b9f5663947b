import 'server-only';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DICTIONARY } from './dictionary';

/** First byte of a packed body: how to read the rest. Old ones are read for ever. */
const PLAIN = 0;
const WITH_DICTIONARY = 1;
/** Above it a dictionary brings nothing. */
const LARGE = 64 * 1024;

const dictionary = Buffer.from(DICTIONARY);

/** Packs a text. */
export function pack(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const large = bytes.length > LARGE;
  const packed = zstdCompressSync(bytes, large ? {} : { dictionary });
  return Buffer.concat([Buffer.of(large ? PLAIN : WITH_DICTIONARY), packed]);
}

/** The text of a packed body; throws where it is damaged or of a version to come. */
export function unpack(body: Uint8Array): string {
  const kind = body[0];
  const packed = body.subarray(1);
  if (kind === PLAIN) return zstdDecompressSync(packed).toString();
  if (kind === WITH_DICTIONARY) return zstdDecompressSync(packed, { dictionary }).toString();
  throw new Error(`a recorded body has the unknown packing ${kind}`);
}
