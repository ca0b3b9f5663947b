import type { Metadata } from 'next';
import { CheckIndex } from '@/components/learn/index-article';
import { CODES } from '@/lib/diagnosis/codes';

export const metadata: Metadata = { title: 'Checks · Ingress Atlas' };

export default function Page() {
  return <CheckIndex codes={CODES} />;
}
