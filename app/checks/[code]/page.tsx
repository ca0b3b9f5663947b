import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { CheckArticle } from '@/components/learn/check-article';
import { CODES } from '@/lib/diagnosis/codes';
import { CONCEPTS, conceptsOfHop } from '@/lib/learn/concepts';

interface Props {
  readonly params: Promise<{ readonly code: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).code} · Ingress Atlas` };
}

export default async function Page({ params }: Props) {
  const { code } = await params;
  const info = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (!info) notFound();
  const slugs = conceptsOfHop(info.hop);
  return (
    <CheckArticle code={code} info={info} concepts={CONCEPTS.filter(({ slug }) => slugs.includes(slug))} />
  );
}
