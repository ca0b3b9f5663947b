import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { readTheme, THEME_COOKIE } from '@/components/chrome/theme';
import './globals.css';

export const metadata: Metadata = {
  title: 'Ingress Atlas',
  description: 'Where traffic enters this cluster, which link is broken, and how to mend it.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#10161d' },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // From a cookie, not from a script: the first paint has the right colours, and no inline script is needed.
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <NuqsAdapter>{children}</NuqsAdapter>
      </body>
    </html>
  );
}
