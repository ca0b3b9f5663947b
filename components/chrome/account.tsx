'use client';

import { Popover } from '@base-ui/react/popover';
import { CircleUserRound, LogOut } from 'lucide-react';
import { useState } from 'react';
import type { SignedIn } from '@/lib/wire/sign-in';

/** Who one is, and the way out. Nothing where nobody signs in. */
export function Account({ signedIn }: { readonly signedIn: SignedIn | null }) {
  const [problem, setProblem] = useState('');
  if (!signedIn) return null;
  const { user, canSignOut } = signedIn;
  const leave = async () => {
    const failure = await signOut();
    // The page goes; it says something only where it stays.
    if (failure === null) window.location.assign('/auth/login?bye=1');
    else setProblem(failure);
  };
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Signed in as ${user}`}
        title={user}
        className="grid size-9 place-items-center rounded-lg text-soft hover:bg-hover hover:text-text"
      >
        <CircleUserRound size={18} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-40">
          <Popover.Popup
            aria-label="Account"
            className="flex w-72 max-w-[calc(100vw-1rem)] flex-col gap-3 rounded-xl border border-line bg-panel p-4 shadow-float outline-none"
          >
            <p className="text-xs text-quiet">
              Signed in as
              <strong className="name block text-sm font-semibold text-text">{user}</strong>
            </p>
            <p className="text-xs text-soft">You see what the cluster’s own rules let you see.</p>
            {problem !== '' && (
              <p role="alert" className="text-xs text-broken">
                {problem}
              </p>
            )}
            {canSignOut && (
              <button
                type="button"
                onClick={() => void leave()}
                className="flex h-9 items-center justify-center gap-2 rounded-lg border border-line font-medium hover:bg-hover"
              >
                <LogOut size={16} aria-hidden="true" />
                Sign out
              </button>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Why it failed; null: signed out. */
async function signOut(): Promise<string | null> {
  try {
    const response = await fetch('/auth/logout', { method: 'POST' });
    return response.ok ? null : `The dashboard answered ${response.status}: you are still signed in.`;
  } catch {
    return 'The dashboard does not answer: you are still signed in.';
  }
}
