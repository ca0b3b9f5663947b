import 'server-only';

/** The font files of pictures, shipped as packages: the machine's own fonts are never used, so that pictures are the same everywhere. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PictureError } from './picture-error';

export const FONT_FAMILY = 'Inter';

/** Also in `outputFileTracingIncludes` of next.config.ts, which takes them along into the standalone server. */
const FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'] as const;
const FOLDER = join('node_modules', '@expo-google-fonts', 'inter');

let found: readonly string[] | null = null;

/**
 * Paths of the font files, looked for from a folder upwards; the server runs in the folder that its packages are in.
 * Throws a PictureError where one is missing: without it a picture would silently have no text.
 */
export function fontFiles(from = process.cwd()): readonly string[] {
  if (found && from === process.cwd()) return found;
  const files = FILES.map((file) => join(packageFolder(from), file));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new PictureError(
      'font-missing',
      `A font of the pictures is missing: ${missing.join(', ')}. It comes with the package @expo-google-fonts/inter: install the dependencies, or build again.`,
    );
  if (from === process.cwd()) found = files;
  return files;
}

/** The nearest folder upwards that has the package; the first place looked at where none has. */
function packageFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, FOLDER);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return join(from, FOLDER);
  }
}
