import type { Finding } from '@/lib/topology/model';
import { Command } from './command';

/** What to do: safe looks first, changes apart, with who would undo a change made by hand. */
export function FixPanel({ findings }: { readonly findings: readonly Finding[] }) {
  const looks = unique(findings.flatMap((finding) => finding.fix.look));
  const changes = unique(findings.flatMap((finding) => finding.fix.change));
  const managers = unique(findings.map((finding) => finding.fix.managedBy ?? ''));
  const summaries = unique(findings.map((finding) => finding.fix.summary));
  if (looks.length + changes.length + summaries.length === 0) return null;
  return (
    <section aria-label="What to do" className="flex flex-col gap-3">
      {summaries.map((summary) => (
        <p key={summary} className="name text-xs text-soft">
          {summary}
        </p>
      ))}
      {looks.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <h3 className="eyebrow">
            Look <span className="font-normal text-ok">safe: only reads</span>
          </h3>
          {looks.map((command) => (
            <Command key={command} text={command} />
          ))}
        </div>
      )}
      {changes.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <h3 className="eyebrow">
            Change{' '}
            <span className="name font-normal text-warning">
              needs rights{managers.length > 0 ? ` · managed by ${managers.join(', ')}: change it there` : ''}
            </span>
          </h3>
          {changes.map((command) => (
            <Command key={command} text={command} />
          ))}
        </div>
      )}
    </section>
  );
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list.filter((text) => text !== ''))];
}
