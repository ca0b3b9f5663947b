import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { FrozenPage } from '@/components/frozen/frozen-page';
import { Unavailable } from '@/components/frozen/unavailable';
import { loadSnapshotPage } from '@/server/http/snapshot-page';
import { snapshotMetadata } from './snapshot-metadata';

export const dynamic = 'force-dynamic';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/** Once for the tags and the page of one request. */
const load = cache(async (id: string) => await loadSnapshotPage(id, await headers()));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await load((await params).id);
  return snapshotMetadata(page.state === 'found' ? page.preview : null);
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  const page = await load(id);
  if (page.state === 'stranger') redirect(page.signIn);
  if (page.state === 'gone') notFound();
  if (page.state === 'unavailable') return <Unavailable reason={page.reason} />;
  return <FrozenPage snapshot={{ id, ...page.snapshot }} isFile={page.isFile} />;
}
