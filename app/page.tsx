import { redirect } from 'next/navigation';
import { Suspense } from 'react';
import { Dashboard } from '@/components/chrome/dashboard';
import { shownFile } from '@/server/http/snapshot-page';

export default function Page() {
  const file = shownFile();
  if (file !== null) redirect(file);
  return (
    <Suspense>
      <Dashboard />
    </Suspense>
  );
}
