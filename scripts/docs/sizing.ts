/* The table of docs/operate.md: what the newest measurements in bench/results say, so that it is never out of date. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { table } from './table';

const resultSchema = z.object({
  name: z.string(),
  on: z.string(),
  figures: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
});

/** What matters to who runs it: words of the table, measurement, figure. */
const ROWS = [
  ['Memory, resident', 'memory', 'resident'],
  ['of that, held for the cluster', 'memory', 'heap + external beyond an empty cluster'],
  ['Start until the whole topology is there', 'sync', 'complete topology'],
  ['CPU while much changes', 'churn', 'CPU of the server'],
  ['A change until it can be shown, 99 %', 'latency', 'p99 raw'],
  ['All checks from scratch', 'checks', 'all checks from scratch'],
  ['Database, a day of one change a second', 'recorder-quick', 'a day of one change a second'],
  ['The past of a namespace, median', 'recorder-quick', 'the past: a namespace, median'],
  ['The past of everything, worst', 'recorder-quick', 'the past: everything, worst'],
  ['A snapshot with its pictures', 'recorder-quick', 'a snapshot with its pictures, median'],
] as const;

const BEGIN = '<!-- sizing: made by `npm run docs:sizing -- --write` of bench/results -->';
const END = '<!-- /sizing -->';

/** The newest result of each measurement: file names begin with the day. */
function newest(folder: string): ReadonlyMap<string, z.infer<typeof resultSchema>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(
    files.toSorted().map((file) => {
      const result = resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      return [result.name, result];
    }),
  );
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** The table in Markdown; throws where a measurement or a figure is gone. */
export function sizingTable(folder: string): string {
  const results = newest(folder);
  const rows = ROWS.map(([words, name, figure]) => {
    const result = results.get(name);
    const found = result?.figures.find((one) => one.name === figure);
    if (!result || !found) throw new Error(`bench/results has no "${figure}" of ${name}`);
    return [words, `${rounded(found.value)} ${found.unit}`, result.on.split(';')[0] ?? ''];
  });
  return table(['What', 'Measured', 'On'], rows);
}

/** A document with the table between its marks; throws where it has none. */
export function withSizing(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n\n${table}\n\n${text.slice(to)}`;
}
