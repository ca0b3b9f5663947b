/* Paths on the command line → texts. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LoadError } from './load-error';

export interface Source {
  readonly name: string;
  readonly text: string;
  /** Nobody named it: it lies in a folder that was named, where other things lie too. */
  readonly isFound?: boolean;
}

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MANIFEST = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

/** Reads files, folders (recursively) and `-` (standard input), in order of name. */
export function readSources(
  paths: readonly string[],
  readStdin: () => string = () => readFileSync(0, 'utf8'),
): Source[] {
  if (paths.length === 0)
    throw new LoadError(['no path given: name a file, a folder or - for standard input']);
  const problems: string[] = [];
  const sources: Source[] = [];
  for (const path of paths) {
    try {
      sources.push(
        ...(path === '-'
          ? [{ name: 'standard input', text: checkText('standard input', readStdin()) }]
          : readPath(path)),
      );
    } catch (error) {
      problems.push(error instanceof LoadError ? error.message : explain(path, error));
    }
  }
  if (problems.length > 0) throw new LoadError(problems);
  return sources;
}

function readPath(path: string): Source[] {
  if (path.trim() === '')
    throw new LoadError(['an empty path was given: name a file, a folder or - for standard input']);
  if (!statSync(path).isDirectory()) return [readFile(path)];
  const files = listFolder(path, new Set());
  if (files.length === 0) throw new LoadError([`${path}: no *.yaml, *.yml or *.json file in this folder`]);
  return files.map((file) => ({ ...readFile(file), isFound: true }));
}

function listFolder(folder: string, above: ReadonlySet<string>): string[] {
  const real = realpathSync(folder);
  if (above.has(real)) throw new LoadError([`${folder}: symbolic link loop: this folder contains itself`]);
  const inside = new Set(above).add(real);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      // A dangling link or a device in a folder is only wrong if it claims to be a manifest.
      const entry = lstatSync(path).isSymbolicLink() ? statSync(path) : lstatSync(path);
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(name) ? [] : listFolder(path, inside);
      return entry.isFile() && MANIFEST.test(name) && !/^kustomization\.ya?ml$/i.test(basename(name))
        ? [path]
        : [];
    });
}

function readFile(path: string): Source {
  const stat = statSync(path);
  if (stat.size > MAX_FILE_BYTES)
    throw new LoadError([
      `${path}: too large (${Math.round(stat.size / 2 ** 20)} MiB; at most ${MAX_FILE_BYTES / 2 ** 20} MiB): split it`,
    ]);
  return { name: path, text: checkText(path, readFileSync(path, 'utf8')) };
}

function checkText(name: string, text: string): string {
  if (text.slice(0, 8192).includes('\0'))
    throw new LoadError([`${name}: not a text file (binary): YAML or JSON is wanted`]);
  return text.replace(/^\uFEFF/, '');
}

function explain(path: string, error: unknown): string {
  const { code = '', message, path: at = path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${at}: no such file or folder`;
  if (code === 'ELOOP') return `${at}: symbolic link loop`;
  if (code === 'EACCES' || code === 'EPERM') return `${at}: permission denied`;
  return `${path}: cannot be read: ${message}`;
}
