import { expect, test } from 'vitest';
import { snapshotMetadata } from './snapshot-metadata';

const PREVIEW = {
  title: 'www.example.com/wear → 503',
  description: 'Service wear has no port 80 · prod-eu, 2026-01-01 12:00:00 UTC',
  url: 'https://atlas.example/s/x',
  imageUrl: 'https://atlas.example/api/v1/snapshots/x/image.png?size=card&theme=light',
};

test('without leave the tags are the same for every link, and tell nothing', () => {
  const tags = snapshotMetadata(null);
  expect(JSON.stringify(tags)).not.toMatch(/503|prod|image|https?:/);
  expect(tags).toMatchObject({ title: 'A moment of Ingress Atlas', twitter: { card: 'summary' } });
});

test('with leave the symptom is the title, and the picture is large', () => {
  expect(snapshotMetadata(PREVIEW)).toMatchObject({
    openGraph: {
      title: PREVIEW.title,
      description: PREVIEW.description,
      url: PREVIEW.url,
      images: [{ url: PREVIEW.imageUrl, width: 1200, height: 630 }],
    },
    twitter: { card: 'summary_large_image', images: [{ url: PREVIEW.imageUrl }] },
  });
});

test.each([null, PREVIEW])('no search engine keeps it, no site learns where one came from', (preview) => {
  expect(snapshotMetadata(preview)).toMatchObject({
    robots: { index: false, follow: false },
    referrer: 'no-referrer',
  });
});
