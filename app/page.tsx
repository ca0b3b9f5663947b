import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { Suspense } from 'react';
import { Dashboard } from '@/components/chrome/dashboard';
import { visitorOf } from '@/server/auth/pages';
import { shownFile } from '@/server/http/snapshot-page';

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export default async function Page({ searchParams }: Props) {
  const visitor = await visitorOf(await headers(), pathOf(await searchParams));
  if (visitor.state === 'stranger') redirect(visitor.signIn);
  const file = shownFile();
  if (file !== null) redirect(file);
  return (
    <Suspense>
      <Dashboard signedIn={visitor.signedIn} />
    </Suspense>
  );
}

function pathOf(query: Awaited<Props['searchParams']>): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    [value ?? []].flat().map((one) => [key, one]),
  );
  return pairs.length === 0 ? '/' : `/?${new URLSearchParams(pairs)}`;
}
