'use client';

import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useFocusBack } from '@/components/ui/use-focus-back';
import type { Topology } from '@/lib/topology/model';
import type { SnapshotCreated } from '@/lib/wire/snapshot';
import { ShareForm } from './share-form';
import { Shared } from './shared';

export interface ShareProps {
  /** What is looked at. */
  readonly topology: Topology;
  readonly focus: string | null;
  /** Query string of the view. */
  readonly view: string;
  /** The moment that is looked at, RFC 3339; null: now. */
  readonly at: string | null;
}

/** Freezes what is seen into a link. */
export function ShareDialog({ onClose, ...props }: ShareProps & { readonly onClose: () => void }) {
  useFocusBack();
  const note = useRef<HTMLTextAreaElement>(null);
  const [done, setDone] = useState<SnapshotCreated | null>(null);
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Popup
          // A phone's keyboard would cover half of it at once.
          initialFocus={() => (matchMedia('(pointer: coarse)').matches ? true : note.current)}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[92dvh] w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-auto rounded-2xl border border-line bg-panel p-5 shadow-float max-sm:p-4"
        >
          <div className="flex items-center justify-between">
            <Dialog.Title className="text-lg font-semibold">
              {done ? 'The moment is kept' : 'Share this moment'}
            </Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-8 place-items-center rounded-md text-soft hover:bg-hover"
            >
              <X size={17} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {done ? (
            <Shared created={done} onRevoked={onClose} />
          ) : (
            <ShareForm {...props} noteRef={note} onCreated={setDone} />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
