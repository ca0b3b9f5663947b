/* The sandbox's command line. */
import { parseArgs } from 'node:util';
import { LARGE } from './input';
import type { LargeSizes } from './load/large';
import { LoadError } from './load/load-error';
import type { SandboxOptions } from './start';

export interface CommandLine {
  readonly list: boolean;
  readonly help: boolean;
  readonly json: boolean;
  readonly withParent: boolean;
  readonly options: SandboxOptions;
}

const SIZES = ['ingresses', 'services', 'pods', 'namespaces', 'seed'] as const;
const MAX_SIZE = 1_000_000;

export const HELP = `A sandbox Kubernetes cluster in memory.

  sandbox [PATH…]            your manifests (files, folders, - for standard input), as a cluster would run them
  sandbox --dump PATH…       a dump of a real cluster, served exactly as it is
  sandbox --scenario NAME    a built-in scenario (--list names them)

  --port N                   port of the API server (0: any free one)
  --json                     one JSON line when ready
  --speed N                  divides all delays of the simulated controllers
  --ingresses N --services N --pods N --namespaces N --seed N   sizes of --scenario large
  --with-parent              end when standard input closes
`;

/** Reads the arguments; throws a LoadError for wrong ones. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals: paths } = parse(args);
  const { list = false, help = false, json = false, dump = false, scenario } = values;
  const withParent = values['with-parent'] ?? false;
  refuseContradictions(paths, dump, scenario, withParent);
  const large: Partial<Record<keyof LargeSizes, number>> = {};
  for (const name of SIZES) {
    const value = whole(name, values[name], name === 'seed' ? 0 : 1, MAX_SIZE);
    if (value !== undefined) large[name] = value;
  }
  const isSized = Object.keys(large).length > 0;
  const port = whole('port', values.port, 0, 65_535);
  const speed = values.speed === undefined ? undefined : numberIn('speed', values.speed, 0.001, 10_000);
  const chosen = scenario ?? (isSized && paths.length === 0 ? LARGE : undefined);
  const options: SandboxOptions = {
    paths,
    dump,
    large,
    ...(chosen === undefined ? {} : { scenario: chosen }),
    ...(port === undefined ? {} : { port }),
    ...(speed === undefined ? {} : { speed }),
  };
  return { list, help, json, withParent, options };
}

function refuseContradictions(
  paths: readonly string[],
  dump: boolean,
  scenario: string | undefined,
  withParent: boolean,
): void {
  if (paths.length > 0 && scenario !== undefined) throw new LoadError(['give paths or --scenario, not both']);
  if (dump && paths.length === 0)
    throw new LoadError(['--dump: name the files or folders of the dump, or - for standard input']);
  if (paths.includes('-') && withParent)
    throw new LoadError(['--with-parent cannot be used with -: both need standard input']);
}

function whole(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = numberIn(name, text, least, most);
  if (!Number.isInteger(value))
    throw new LoadError([`--${name} ${text}: a whole number from ${least} to ${most} is wanted`]);
  return value;
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most))
    throw new LoadError([`--${name} ${text}: a number from ${least} to ${most} is wanted`]);
  return value;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        scenario: text,
        port: text,
        speed: text,
        ingresses: text,
        services: text,
        pods: text,
        namespaces: text,
        seed: text,
        dump: flag,
        list: flag,
        help: flag,
        json: flag,
        'with-parent': flag,
      },
    });
  } catch (error) {
    throw new LoadError([error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error)]);
  }
}
