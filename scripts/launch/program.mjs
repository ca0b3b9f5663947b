import { existsSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { pickNode } from './node.mjs';
import { at, callerFolder } from './paths.mjs';
import { startProgram, untilStopped } from './processes.mjs';
import { tsx, tsxEnvironment } from './sandbox.mjs';
import { Refusal } from './say.mjs';
import { serverFlags } from './server-flags.mjs';

const files = {
  check: 'cli/check.ts',
  bench: 'bench/run.ts',
  'docs:checks': 'scripts/docs-checks.ts',
  'docs:rbac': 'scripts/rbac.ts',
  manifests: 'scripts/manifests.ts',
  'docs:sizing': 'scripts/docs-sizing.ts',
  'audit:deps': 'scripts/audit-deps.ts',
};

/** Programs of the repository that are run from their TypeScript. */
export async function run(args, name) {
  const file = at(files[name]);
  if (!existsSync(file)) throw new Refusal(`${files[name]} does not exist in this version.`);
  await ensureInstalled();
  const node = pickNode();
  // Else it would measure whatever was built last.
  if (name === 'bench' && !args.some((arg) => arg.startsWith('--server'))) await ensureBuilt(node);
  // `react-server` is the condition under which `server-only` lets itself be imported.
  // What the bench measures in its own process is measured as the dashboard runs it.
  const flags = ['--conditions=react-server', ...(name === 'bench' ? serverFlags : [])];
  const child = startProgram(node, [...flags, '--import', tsx, file, ...args], {
    cwd: callerFolder,
    env: tsxEnvironment,
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  const { code } = await untilStopped(() => child.exited);
  return code;
}
