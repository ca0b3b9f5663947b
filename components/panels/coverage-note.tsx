import { EyeOff } from 'lucide-react';
import type { Coverage } from '@/lib/topology/model';
import { Command } from './command';

/** What we may not or could not look at, with the rights that would change it. Nothing when all is seen. */
export function CoverageNote({ coverage }: { readonly coverage: readonly Coverage[] }) {
  const blind = coverage.filter((item) => item.state === 'forbidden' || item.state === 'failing');
  if (blind.length === 0) return null;
  return (
    <details className="mx-3 mb-6 rounded-xl border border-line bg-card text-xs">
      <summary className="flex list-none items-center gap-2 px-3 py-2.5 text-unknown">
        <EyeOff size={14} aria-hidden="true" />
        {blind.length === 1 ? 'One kind of object is' : `${blind.length} kinds of objects are`} not seen
      </summary>
      <ul className="flex flex-col gap-3 border-t border-line p-3">
        {blind.map((item) => (
          <li key={item.resource} className="flex flex-col gap-1">
            <span className="name">
              <strong className="font-semibold">{item.resource}</strong>{' '}
              <span className="text-soft">{item.reason === '' ? item.state : item.reason}</span>
            </span>
            {item.fix !== '' && <Command text={item.fix} />}
          </li>
        ))}
      </ul>
    </details>
  );
}
