'use client';

import { useEffect, useRef } from 'react';
import { createInbox } from './live-store';
import { connect, type Transport } from './transport';

/** Keeps the page's view streaming. */
export function useStream(filters: string): void {
  const transport = useRef<Transport | null>(null);
  const wanted = useRef(filters);

  useEffect(() => {
    const inbox = createInbox();
    const start = () => {
      transport.current ??= connect(inbox);
      transport.current.open(wanted.current);
    };
    const stop = () => {
      transport.current?.close();
      transport.current = null;
    };
    start();
    // A page kept for the Back button must let go of its view, and take it again when it returns.
    window.addEventListener('pagehide', stop);
    window.addEventListener('pageshow', start);
    return () => {
      window.removeEventListener('pagehide', stop);
      window.removeEventListener('pageshow', start);
      stop();
    };
  }, []);

  useEffect(() => {
    wanted.current = filters;
    transport.current?.open(filters);
  }, [filters]);
}
