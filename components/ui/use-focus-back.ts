'use client';

import { useEffect, useState } from 'react';

/** Where the focus was when this was mounted, there it goes again: for dialogs that know no trigger of their own. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}
