/* docs/dependencies.md. Pure. */
import { table } from '@/scripts/docs/table';
import { EXCEPTIONS } from './licences';
import type { Shipped } from './lockfile';

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The report of what the dashboard is made of: direct packages by name, all by licence, and what is out of the ordinary. */
export function report({ dependencies }: Manifest, all: readonly Shipped[]): string {
  const direct = Object.keys(dependencies).sort();
  const portable = all.filter(({ isPlatform }) => !isPlatform);
  const byLicence = new Map<string, number>();
  for (const { license } of portable) byLicence.set(license, (byLicence.get(license) ?? 0) + 1);
  const counts = [...byLicence].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const scripts = all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
  const find = (name: string) =>
    portable.find((one) => one.name === name && one.version === dependencies[name]);
  return `${[
    '# Dependencies',
    '<!-- Made by `npm run audit:deps -- --write` of package-lock.json. -->',
    `${portable.length} packages are installed with the dashboard, ${direct.length} of them by its own choice; builds for single systems and development tools are not counted. What is not needed at run time is left out of the server when it is built. All versions are pinned.`,
    '## Chosen',
    table(
      ['Package', 'Version', 'Licence'],
      direct.map((name) => [`\`${name}\``, dependencies[name] ?? '', find(name)?.license ?? '']),
    ),
    '## By licence',
    table(
      ['Licence', 'Packages'],
      counts.map(([license, count]) => [license, String(count)]),
    ),
    '## Judged one by one',
    'Licences that ask for more than a notice:',
    table(
      ['Packages', 'Licence', 'Why it is fine'],
      EXCEPTIONS.map(({ name, license, why }) => [`\`${name.source.replace(/[\\^$]/g, '')}\``, license, why]),
    ),
    '## Install scripts',
    scripts.length === 0
      ? 'None has one.'
      : `Never run (\`allowScripts\` of \`package.json\`): ${scripts.map((name) => `\`${name}\``).join(', ')}.`,
  ].join('\n\n')}\n`;
}
