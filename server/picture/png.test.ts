import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodePng } from './png';

/** Pixels of these colours (0xRRGGBB), row by row. */
function pixelsOf(colours: readonly number[], width: number) {
  const data = new Uint8Array(colours.length * 4);
  for (const [i, colour] of colours.entries())
    data.set([colour >> 16, (colour >> 8) & 255, colour & 255, 255], i * 4);
  return { data, width, height: colours.length / width };
}

/** Colours of a PNG with a palette, read back. */
function read(png: Buffer): { width: number; height: number; colours: number[] } {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const header = chunks.get('IHDR')!;
  const palette = chunks.get('PLTE')!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  const colours: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      colours.push(palette.readUIntBE((rows[y * (width + 1) + 1 + x] ?? 0) * 3, 3));
  return { width, height, colours };
}

test('up to 256 colours come back as they were', async () => {
  const colours = Array.from({ length: 512 }, (_, i) => ((i % 256) * 65537) ^ 0x00ff00);
  expect(read(await encodePng(pixelsOf(colours, 32)))).toEqual({ width: 32, height: 16, colours });
});

test('of more colours the rare ones become the nearest frequent ones', async () => {
  const colours = [...Array.from({ length: 60 }, () => 0xffffff), 0xc01f2e, 0xc01f2e, 0xc11f2e, 0xfefefe];
  const { colours: got } = read(await encodePng(pixelsOf(colours, 8), 2));
  expect(got.slice(60)).toEqual([0xc01f2e, 0xc01f2e, 0xc01f2e, 0xffffff]);
});
