import type { Metadata } from 'next';
import type { Preview } from '@/server/http/snapshot-page';

const SITE = 'Ingress Atlas';
/** Says nothing of the cluster, and is the same for every link, also for one that leads nowhere. */
const PLAIN = {
  title: 'A moment of Ingress Atlas',
  description: 'Open the link to see what was seen.',
} as const;

/** The tags by which chat programs unfold a link. `preview`: null where nobody but who opens it may see what it shows. */
export function snapshotMetadata(preview: Preview | null): Metadata {
  const { title, description } = preview ?? PLAIN;
  const image = preview && { url: preview.imageUrl, width: 1200, height: 630, alt: title, type: 'image/png' };
  return {
    title: preview ? `${title} · ${SITE}` : title,
    description,
    robots: { index: false, follow: false },
    referrer: 'no-referrer',
    openGraph: {
      type: 'website',
      siteName: SITE,
      title,
      description,
      ...(preview && image ? { url: preview.url, images: [image] } : {}),
    },
    twitter: image
      ? { card: 'summary_large_image', title, description, images: [{ url: image.url, alt: image.alt }] }
      : { card: 'summary', title, description },
  };
}
