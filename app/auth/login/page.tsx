import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { SignIn } from '@/components/auth/sign-in';
import { signInPageOf } from '@/server/auth/pages';

export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: 'Sign in · Ingress Atlas',
  robots: { index: false, follow: false },
  // Without any referrer a browser says of a posted form that it comes from nowhere, and such ones are refused.
  referrer: 'same-origin',
};

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export default async function Page({ searchParams }: Props) {
  const page = await signInPageOf(await headers(), await searchParams);
  if ('goTo' in page) redirect(page.goTo);
  return <SignIn {...page} />;
}
