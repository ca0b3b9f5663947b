import 'server-only';

/**
 * Pixels → PNG with a palette. resvg's own encoder would hold the event loop for more than 100 ms and give three times the
 * bytes; this one counts and maps in slices, and compresses beside the loop.
 */
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { yieldTurn } from '@/server/hub/turns';

const compress = promisify(deflate);

export interface Pixels {
  /** RGBA, four bytes a pixel, row by row. Transparency is not kept: pictures have a ground. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Rows of pixels between turns: some milliseconds. */
const ROWS = 128;
/** The highest level takes ten times as long for a twentieth of the bytes. */
const LEVEL = 6;

/** Encodes with so many colours at most (2 to 256); equal pixels give equal bytes. */
export async function encodePng({ data, width, height }: Pixels, most = 256): Promise<Buffer> {
  // One number a pixel; the order of its bytes is that of all machines this runs on (little-endian).
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  // Fetching them has copied megabytes.
  await yieldTurn();
  const colours = await coloursOf(pixels, width, height);
  const { palette, indexOf } = await paletteOf(colours, most);
  await yieldTurn();
  const rows = await indexed(pixels, width, height, indexOf);
  const body = await compress(rows, { level: LEVEL });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, an index into a palette.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Red, green and blue of a pixel: with its transparency the number would need a place of its own in memory. */
const RGB = 0xffffff;

/** How often each colour occurs. */
async function coloursOf(pixels: Uint32Array, width: number, height: number): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let row = 0; row < height; row += ROWS) {
    const end = Math.min(height, row + ROWS) * width;
    for (let i = row * width; i < end; ) {
      const colour = (pixels[i] ?? 0) & RGB;
      const start = i++;
      while (i < end && ((pixels[i] ?? 0) & RGB) === colour) i++;
      counts.set(colour, (counts.get(colour) ?? 0) + i - start);
    }
    await yieldTurn();
  }
  return counts;
}

interface Palette {
  readonly palette: Buffer;
  readonly indexOf: ReadonlyMap<number, number>;
}

/** Colours between turns: each is held against the whole palette. */
const COLOURS = 1024;

/** The most frequent colours; all others, which are the edges of letters and lines, become the nearest of those. */
async function paletteOf(counts: ReadonlyMap<number, number>, most: number): Promise<Palette> {
  const sorted = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b);
  const palette = Buffer.alloc(Math.min(most, sorted.length) * 3);
  const indexOf = new Map<number, number>();
  for (const [at, colour] of sorted.entries()) {
    if (at < most) palette.set([colour & 255, (colour >>> 8) & 255, colour >>> 16], at * 3);
    indexOf.set(colour, at < most ? at : nearest(colour, palette));
    if (at % COLOURS === 0) await yieldTurn();
  }
  return { palette, indexOf };
}

/** Index in the palette. Numbers only: it runs a million times, and a collection of garbage would hold everybody up. */
function nearest(colour: number, palette: Buffer): number {
  const [red, green, blue] = [colour & 255, (colour >>> 8) & 255, colour >>> 16];
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < palette.length; at += 3) {
    const r = red - (palette[at] ?? 0);
    const g = green - (palette[at + 1] ?? 0);
    const b = blue - (palette[at + 2] ?? 0);
    const distance = r * r + g * g + b * b;
    if (distance >= least) continue;
    least = distance;
    best = at / 3;
  }
  return best;
}

/** Rows of indexes, each after a zero that says "not filtered". */
async function indexed(
  pixels: Uint32Array,
  width: number,
  height: number,
  indexOf: ReadonlyMap<number, number>,
): Promise<Uint8Array> {
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row++) {
    let to = row * (width + 1) + 1;
    const end = (row + 1) * width;
    for (let i = row * width; i < end; ) {
      const colour = (pixels[i] ?? 0) & RGB;
      const start = i++;
      while (i < end && ((pixels[i] ?? 0) & RGB) === colour) i++;
      rows.fill(indexOf.get(colour) ?? 0, to, to + i - start);
      to += i - start;
    }
    if (row % ROWS === 0) await yieldTurn();
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(typed.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(typed, 4);
  whole.writeUInt32BE(crc32(typed), typed.length + 4);
  return whole;
}
