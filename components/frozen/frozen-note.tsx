import { MessageSquareText } from 'lucide-react';

/** What its author says of it: plain text, whatever is in it. Nothing where nothing was said. */
export function FrozenNote({ text }: { readonly text: string }) {
  if (text.trim() === '') return null;
  return (
    <section
      aria-label="Note of the author"
      className="flex max-w-3xl gap-2.5 rounded-xl border border-line bg-card px-3.5 py-2.5 text-sm"
    >
      <MessageSquareText size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-quiet" />
      <p className="name max-h-40 min-w-0 overflow-y-auto whitespace-pre-wrap" dir="auto">
        {text}
      </p>
    </section>
  );
}
