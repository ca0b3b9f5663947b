import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Fixture, readFixture } from './fixture';

const folder = join(import.meta.dirname, '..', 'fixtures');

export interface Scenario extends Fixture {
  /** `code/what-it-shows`. */
  readonly name: string;
  readonly path: string;
}

let all: readonly Scenario[] | null = null;

/** Every fixture, sorted and read once; `base/` is only included by others. */
export function scenarios(): readonly Scenario[] {
  all ??= readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('base'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.yaml$/, ''),
      path: join(folder, file),
      ...readFixture(join(folder, file)),
    }));
  return all;
}
