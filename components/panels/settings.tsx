import { recordsOf, textOf } from '@/lib/topology/detail-reads';
import type { TopologyNode } from '@/lib/topology/model';

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

/** Settings by group, each in the order in which they were told. */
function byGroup(node: TopologyNode): readonly (readonly [string, readonly Setting[]])[] {
  const groups = new Map<string, Setting[]>();
  for (const entry of recordsOf(node.detail, 'settings')) {
    const group = textOf(entry, 'group');
    const setting = {
      name: textOf(entry, 'name'),
      value: textOf(entry, 'value'),
      from: textOf(entry, 'from'),
    };
    const before = groups.get(group);
    if (before) before.push(setting);
    else groups.set(group, [setting]);
  }
  return [...groups];
}

/** What a controller does for all its rules, and where each setting comes from. */
export function Settings({ node }: { readonly node: TopologyNode }) {
  const groups = byGroup(node);
  if (groups.length === 0) return null;
  return (
    <section aria-label="Settings">
      <h3 className="eyebrow mb-1">Settings in force</h3>
      {groups.map(([group, settings]) => (
        <div key={group} className="mt-2 first:mt-0">
          <h4 className="text-xs font-medium text-soft first-letter:uppercase">{group}</h4>
          <dl className="text-xs">
            {settings.map(({ name, value, from }) => (
              <div key={name} className="flex gap-3 border-b border-line py-1.5 last:border-0">
                <dt className="name w-36 shrink-0 text-quiet">{name}</dt>
                <dd className="name min-w-0 flex-1">
                  <Value value={value} from={from} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

/** A default is said on the value's own line: what somebody has set is to be seen among many of them. */
function Value({ value, from }: { readonly value: string; readonly from: string }) {
  const isDefault = from === 'default';
  return (
    <>
      <span className={`font-mono ${isDefault ? 'text-soft' : 'font-semibold'}`}>
        {value === '' ? '–' : value}
      </span>{' '}
      <span className={isDefault ? 'text-quiet' : 'block text-soft'}>{from}</span>
    </>
  );
}
