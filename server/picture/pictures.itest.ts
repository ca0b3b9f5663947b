import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Resvg, renderAsync } from '@resvg/resvg-js';
import { beforeAll, describe, expect, test } from 'vitest';
import { widthOf } from '@/lib/layout/fit-text';
import { SHIPPED } from '@/lib/picture/markup';
import { pictureOf } from '@/lib/picture/picture';
import { chain, joined, largeView, topologyOf } from '@/lib/picture/testing/views';
import { FONT_FAMILY, fontFiles } from './fonts';
import { MOST_BYTES, makePictures, PICTURES } from './pictures';
import { renderPng } from './render';
import { lettersOf } from './testing/letters';

const names = { host: 'www.my-online-store.com', path: '/watch', service: 'watch-service', pod: 'watch-abc' };
const store = topologyOf(joined([chain(names, 'broken')]));
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** Pixels of a PNG as resvg reads it. */
async function pixelsOf(png: Buffer): Promise<Buffer> {
  const [width, height] = sizeOf(png);
  const href = `data:image/png;base64,${png.toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="${href}"/></svg>`;
  return (await renderAsync(svg, { font: { loadSystemFonts: false } })).pixels;
}

describe('the pictures of a view', () => {
  let made: Awaited<ReturnType<typeof makePictures>>;

  beforeAll(async () => {
    made = await makePictures(store, { focus: null, note: 'Rollback is running.' });
  });

  test('are four PNGs of the sizes that chat programs and people want, none too large to send', () => {
    expect(Object.keys(made)).toEqual([...PICTURES]);
    for (const name of PICTURES) {
      expect(made[name].subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      expect(made[name].length).toBeLessThanOrEqual(MOST_BYTES);
      const [width = 0, height = 0] = sizeOf(made[name]);
      if (name.startsWith('card')) expect([width, height]).toEqual([1200, 630]);
      else expect([width, height <= 3600]).toEqual([2400, true]);
    }
    expect(made['card-light']).not.toEqual(made['card-dark']);
  });

  test('are the same bytes for the same view', async () => {
    expect(await makePictures(store, { focus: null, note: 'Rollback is running.' })).toEqual(made);
  });

  test('of thousands of hosts with dozens broken keep to their size too, and hold nobody up', async () => {
    const topology = largeView(5000, 60);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const large = await makePictures(topology, { focus: null });
    delay.disable();
    for (const name of PICTURES) expect(large[name].length).toBeLessThanOrEqual(MOST_BYTES);
    // That others ran at all while it was drawn: how long they waited is measured by the bench.
    expect(delay.count).toBeGreaterThan(10);
  });
});

describe('text', () => {
  test('is really drawn: without it other pixels come out', async () => {
    const svg = pictureOf({ topology: store, focus: null, size: 'card', theme: 'light', letters: 'shipped' });
    const without = svg.replace(/<text [^>]*>[^<]*<\/text>/g, '');
    const [a, b] = await Promise.all([pixelsOf(await renderPng(svg)), pixelsOf(await renderPng(without))]);
    let different = 0;
    for (let i = 0; i < a.length; i += 4) if (a[i] !== b[i]) different++;
    // The words of a card cover some percent of its 756,000 pixels.
    expect(different).toBeGreaterThan(20_000);
  });

  test('both weights are drawn, each with its own letters', async () => {
    const draw = (weight: number) =>
      renderPng(
        `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><rect width="300" height="60" fill="#ffffff"/><text x="10" y="40" font-family="Inter" font-size="30" font-weight="${weight}">Watch 503</text></svg>`,
      );
    expect(await draw(400)).not.toEqual(await draw(600));
  });

  test('is about as wide as its tables say, never so much wider that it would leave its card', () => {
    const font = { loadSystemFonts: false, fontFiles: [...fontFiles()], defaultFontFamily: FONT_FAMILY };
    const inked = (text: string, weight: number) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200"><text y="100" font-family="Inter" font-size="100" font-weight="${weight}">|${text}|</text></svg>`;
      return new Resvg(svg, { font }).getBBox()?.width ?? 0;
    };
    for (const text of [
      'www.my-online-store.com/watch → 503',
      'watch.my-online-store.com',
      '0/3 ready · watch v42',
      'Deployment watch: pods crash again and again',
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789',
      'mmmmmmmmmmmmmmmmmmmm',
      '203.0.113.10',
    ])
      for (const weight of [400, 600] as const) {
        const real = inked(text, weight) - inked('', weight);
        expect(real * 0.97).toBeLessThanOrEqual(widthOf(text, 100, weight));
        expect(real * 1.15).toBeGreaterThan(widthOf(text, 100, weight));
      }
  });

  test('every letter that is said to be shipped is in every font file', () => {
    const shipped = new RegExp(`^[${SHIPPED}]$`, 'u');
    for (const file of fontFiles()) {
      const letters = lettersOf(readFileSync(file));
      const claimed = Array.from({ length: 0x3000 }, (_, code) => code).filter((code) =>
        shipped.test(String.fromCodePoint(code)),
      );
      expect(claimed.length).toBeGreaterThan(1000);
      expect(claimed.filter((code) => !letters.has(code)).map((code) => code.toString(16))).toEqual([]);
    }
  });
});

describe('what can not be drawn', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"></svg>';

  test('a missing font is an error that says where it was looked for and what to do', () => {
    const nowhere = mkdtempSync(join(tmpdir(), 'atlas-fonts-'));
    expect(() => fontFiles(nowhere)).toThrow(/Inter_400Regular\.ttf.*install the dependencies/);
  });

  test('too many pixels are refused before anything is drawn', async () => {
    await expect(renderPng(svg, { width: 100_000 })).rejects.toThrow(/100000×52500 pixels.*allowed/);
    await expect(renderPng(svg, { width: 0 })).rejects.toThrow(/0×0/);
    await expect(renderPng(svg.replace('630', '1e9'))).rejects.toThrow(/no width and height|pixels/);
  });

  test('what is no SVG of ours is refused', async () => {
    await expect(renderPng('<html></html>')).rejects.toThrow(/no width and height/);
  });
});
