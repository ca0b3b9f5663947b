import { describe, expect, it } from 'vitest';
import { markdownOf } from './share-text';

const SHARED = {
  title: 'www.example.com/watch → 503',
  verdict: '0 of 3 endpoints ready',
  note: '',
  takenAt: '2026-11-23T14:02:11.000Z',
  cluster: 'prod-eu',
  url: 'https://atlas.example.com/s/abc',
  imageUrl: 'https://atlas.example.com/api/v1/snapshots/abc/image.png',
};

describe('a snapshot as Markdown', () => {
  it('has title, verdict, time, link and picture', () => {
    expect(markdownOf(SHARED)).toBe(
      [
        '**[www.example.com/watch → 503](https://atlas.example.com/s/abc)**',
        '0 of 3 endpoints ready',
        'prod-eu · 2026-11-23 14:02:11 UTC · [frozen view](https://atlas.example.com/s/abc)',
        '![www.example.com/watch → 503](https://atlas.example.com/api/v1/snapshots/abc/image.png)',
      ].join('\n\n'),
    );
  });

  it('quotes the note line by line', () => {
    expect(markdownOf({ ...SHARED, note: 'since the deploy\nrolling back' })).toContain(
      '> since the deploy\n> rolling back',
    );
  });

  it('lets no name become a link, a picture or a tag', () => {
    const text = markdownOf({
      ...SHARED,
      title: '](https://evil.example)![x](y)',
      cluster: '<img src=x onerror=alert(1)>',
      note: '# head\n[a](b)',
    });
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toContain('](https://evil.example)!');
    const turned = markdownOf({ ...SHARED, verdict: 'a\u202eb\u0000c\u001b[31m', cluster: '\u2067x' });
    expect(turned.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2067]/u);
    expect(text).toContain('> \\# head\n> \\[a\\](b)');
  });
});
