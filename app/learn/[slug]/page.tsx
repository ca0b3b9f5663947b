import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ConceptArticle } from '@/components/learn/concept-article';
import { conceptBySlug } from '@/lib/learn/concepts';

interface Props {
  readonly params: Promise<{ readonly slug: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const concept = conceptBySlug((await params).slug);
  return { title: `${concept?.title ?? 'Not found'} · Ingress Atlas` };
}

export default async function Page({ params }: Props) {
  const concept = conceptBySlug((await params).slug);
  if (!concept) notFound();
  return <ConceptArticle concept={concept} />;
}
