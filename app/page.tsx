import { Suspense } from 'react';
import { Dashboard } from '@/components/chrome/dashboard';

export default function Page() {
  return (
    <Suspense>
      <Dashboard />
    </Suspense>
  );
}
