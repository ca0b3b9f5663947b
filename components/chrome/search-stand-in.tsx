'use client';

import { useEffect } from 'react';

/** Looks that the palette and its stand-in share, so that nothing moves when one takes the other's place. */
export const PALETTE_VEIL = 'fixed inset-0 z-40 bg-black/40';
export const PALETTE_BOX =
  'fixed top-[12vh] left-1/2 z-50 w-[min(42rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-2xl border border-line bg-panel shadow-float';
export const PALETTE_FIELD = {
  placeholder: 'Host, path, Service, pod, address, problem …',
  className:
    'h-13 w-full border-b border-line bg-transparent px-5 text-[15px] outline-none placeholder:text-quiet',
} as const;

let typed = '';
let entered = false;

/** What was typed into the stand-in. */
export function typedAhead(): string {
  return typed;
}

/** Whether Enter was pressed after it. */
export function wasEntered(): boolean {
  return entered;
}

function forgetTypedAhead(): void {
  typed = '';
  entered = false;
}

/** In the palette's place while its code loads: whoever presses `/` types on at once, and no key may be lost. */
export function SearchStandIn({ onClose }: { readonly onClose: () => void }) {
  useEffect(() => forgetTypedAhead, []);
  return (
    <>
      <div className={PALETTE_VEIL} />
      <div role="dialog" aria-label="Search everything" aria-busy="true" className={PALETTE_BOX}>
        <input
          {...PALETTE_FIELD}
          aria-label="Search everything"
          ref={(input) => input?.focus()}
          onKeyDown={({ key }) => {
            if (key === 'Escape') onClose();
            if (key === 'Enter') entered = true;
          }}
          onChange={(event) => {
            typed = event.target.value;
          }}
        />
      </div>
    </>
  );
}
