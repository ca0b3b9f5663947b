import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

export const at = (...parts) => join(root, ...parts);

/** Where the person stood when they called npm, which itself runs scripts in the repository's root. */
export const callerFolder = resolve(process.env.INIT_CWD ?? process.cwd());

/** The script behind an installed package's command; `.bin` holds shell shims on Windows. */
export function tool(packageName, command = packageName) {
  const folder = at('node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}
