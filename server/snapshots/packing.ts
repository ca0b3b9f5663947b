import 'server-only';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { MAX_DOCUMENT_BYTES } from '@/lib/snapshot/document';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Packs a document's JSON, beside the event loop. */
export async function packed(text: string): Promise<Buffer> {
  return await compress(text);
}

/** The JSON again; fails where the bytes are damaged, or hold more than any document does. */
export async function unpacked(bytes: Uint8Array): Promise<string> {
  return (await decompress(bytes, { maxOutputLength: 4 * MAX_DOCUMENT_BYTES })).toString();
}
