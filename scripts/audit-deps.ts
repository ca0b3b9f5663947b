/*
 * `npm run audit:deps`: known vulnerabilities, licences and install scripts of what is shipped, and whether
 * docs/dependencies.md still says so. `--write` writes it; `--offline` asks no registry; `--sbom FILE` writes a CycloneDX
 * list of what is shipped. Ends with 1 where something is wrong, or could not be asked.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { licenceProblem } from './dependencies/licences';
import { shipped } from './dependencies/lockfile';
import { report } from './dependencies/report';
import { audit } from './dependencies/vulnerabilities';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs/dependencies.md');
const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  allowScripts: z.record(z.string(), z.boolean()),
});

const json = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));

/** What is wrong with the lockfile and the report, without asking anybody. */
function localProblems(write: boolean): readonly string[] {
  const manifest = manifestSchema.parse(json('package.json'));
  const all = shipped(json('package-lock.json'));
  const text = report(manifest, all);
  if (write) writeFileSync(file, text);
  const scripts = all.filter(
    ({ name, hasInstallScript }) => hasInstallScript && manifest.allowScripts[name] !== false,
  );
  return [
    ...all.flatMap((one) => licenceProblem(one) ?? []),
    ...scripts.map(({ name }) => `${name} has an install script that allowScripts does not forbid`),
    ...(readFileSync(file, 'utf8') === text
      ? []
      : ['docs/dependencies.md is old: npm run audit:deps -- --write']),
  ];
}

async function registryProblems(): Promise<readonly string[]> {
  const asked = await audit();
  return asked.asked ? asked.found : [`the registry could not be asked for vulnerabilities: ${asked.reason}`];
}

function writeBill(path: string): void {
  const bill = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  writeFileSync(resolve(process.env.INIT_CWD ?? '.', path), bill);
}

const args = process.argv.slice(2);
const bill = args.indexOf('--sbom');
if (bill !== -1) writeBill(args[bill + 1] ?? 'ingress-atlas.cdx.json');
const problems = [
  ...localProblems(args.includes('--write')),
  ...(args.includes('--offline') ? [] : await registryProblems()),
];
for (const problem of problems) process.stderr.write(`✗ ${problem}\n`);
process.stdout.write(`${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
