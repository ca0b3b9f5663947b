import type { Metadata } from 'next';
import { ConceptIndex } from '@/components/learn/index-article';
import { CONCEPTS } from '@/lib/learn/concepts';

export const metadata: Metadata = { title: 'Concepts · Ingress Atlas' };

export default function Page() {
  return <ConceptIndex concepts={CONCEPTS} />;
}
