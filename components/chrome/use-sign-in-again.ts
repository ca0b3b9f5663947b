'use client';

import { useEffect } from 'react';
import type { Link } from '@/components/data/protocol';
import { signInPathFrom } from '@/lib/wire/sign-in';

/** Leaves for the sign-in page when the session is over, so that nobody reads on what is no longer theirs to see. */
export function useSignInAgain(link: Link): void {
  const isOut = link.state === 'signed-out';
  useEffect(() => {
    if (!isOut) return;
    const { pathname, search } = window.location;
    window.location.replace(signInPathFrom(`${pathname}${search}`));
  }, [isOut]);
}
