/* What a start is asked to run: a scenario, manifests, a dump, or the generated large cluster. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SANDBOX_PREFIX } from './controllers/cluster';
import { type LoadedObject, parseSources } from './load/documents';
import type { LargeSizes } from './load/large';
import { LoadError } from './load/load-error';
import { arrange, type Manifests } from './load/manifests';
import { readSources } from './load/sources';

export const DEFAULT_SCENARIO = 'online-store-incident';
export const LARGE = 'large';
const FOLDER = join(import.meta.dirname, 'scenarios');

export interface InputOptions {
  readonly scenario?: string;
  readonly paths?: readonly string[];
  /** Serve the paths' objects exactly as they are. */
  readonly dump?: boolean;
  readonly large?: Partial<LargeSizes>;
  readonly readStdin?: () => string;
  /** Told what was left out. */
  readonly log?: (line: string) => void;
}

export type Input =
  | { readonly type: 'simulated'; readonly title: string; readonly manifests: Manifests }
  | { readonly type: 'dump'; readonly title: string; readonly manifests: Manifests }
  | { readonly type: 'large'; readonly title: string; readonly sizes: Partial<LargeSizes> };

/** Reads and checks everything before anything is started; throws a LoadError. */
export function readInput(options: InputOptions): Input {
  const { paths = [], dump = false } = options;
  if (paths.length > 0 || dump) {
    const manifests = arrange(parseSources(readSources(paths, options.readStdin), options.log));
    if (manifests.objects.length === 0)
      throw new LoadError([`${paths.join(', ')}: nothing in it: no Kubernetes object found`]);
    const title = paths.map((path) => (path === '-' ? 'standard input' : path)).join(', ');
    return { type: dump ? 'dump' : 'simulated', title, manifests };
  }
  const name = options.scenario ?? DEFAULT_SCENARIO;
  if (name === LARGE) return { type: 'large', title: LARGE, sizes: options.large ?? {} };
  const path = join(FOLDER, `${name}.yaml`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path)) {
    throw new LoadError([
      `unknown scenario "${name}": choose one of ${listScenarios()
        .map((scenario) => scenario.name)
        .join(', ')}`,
    ]);
  }
  return { type: 'simulated', title: name, manifests: arrange(readScenario(`${name}.yaml`)) };
}

/** A scenario's documents; `kind: Include` stands for the documents of other scenario files. */
function readScenario(file: string): LoadedObject[] {
  const documents = parseSources([{ name: file, text: readFileSync(join(FOLDER, file), 'utf8') }]);
  return documents.flatMap((document) => {
    if (document.object.kind !== 'Include' || !document.object.apiVersion.startsWith(SANDBOX_PREFIX))
      return [document];
    const { files = [] } = (document.object.spec ?? {}) as { files?: string[] };
    return files.flatMap(readScenario);
  });
}

/** The built-in scenarios; a file's first comment line says what it shows. */
export function listScenarios(): { name: string; about: string }[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const scenarios = files.map((file) => {
    const [first = ''] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
    return { name: file.slice(0, -5), about: first.replace(/^#\s*/, '') };
  });
  return [
    ...scenarios,
    {
      name: LARGE,
      about: 'A generated cluster for load tests: --ingresses, --services, --pods, --namespaces, --seed.',
    },
  ];
}
