/* The sandbox's command line. */
import { parseArgs } from 'node:util'
import type { LargeSizes } from './load/large'
import { LoadError } from './load/load-error'
import type { SandboxOptions } from './start'

export interface CommandLine {
  readonly list: boolean
  readonly help: boolean
  readonly json: boolean
  readonly withParent: boolean
  readonly options: SandboxOptions
}

const SIZES = ['ingresses', 'services', 'pods', 'namespaces', 'seed'] as const
const MAX_SIZE = 1_000_000

export const HELP = `A sandbox Kubernetes cluster in memory.

  sandbox [PATH…]            your manifests (files, folders, - for standard input), as a cluster would run them
  sandbox --dump PATH…       a dump of a real cluster, served exactly as it is
  sandbox --scenario NAME    a built-in scenario (--list names them)

  --port N                   port of the API server (0: any free one)
  --json                     one JSON line when ready
  --speed N                  divides all delays of the simulated controllers
  --ingresses N --services N --pods N --namespaces N --seed N   sizes of --scenario large
  --with-parent              end when standard input closes
`

/** Reads the arguments; throws a LoadError for wrong ones. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const number = (name: string, least: number, most: number): number | undefined => {
    const text = (values as Record<string, unknown>)[name]
    if (text === undefined) return undefined
    const value = Number(text)
    if (text === '' || !Number.isFinite(value) || value < least || value > most || (name !== 'speed' && !Number.isInteger(value))) throw new LoadError([`--${name} ${String(text)}: a whole number from ${least} to ${most} is wanted`])
    return value
  }
  const large: Partial<Record<keyof LargeSizes, number>> = {}
  for (const name of SIZES) {
    const value = number(name, name === 'seed' ? 0 : 1, MAX_SIZE)
    if (value !== undefined) large[name] = value
  }
  if (positionals.length > 0 && values.scenario !== undefined) throw new LoadError(['give paths or --scenario, not both'])
  if (values.dump && positionals.length === 0) throw new LoadError(['--dump: name the files or folders of the dump, or - for standard input'])
  if (positionals.includes('-') && values['with-parent']) throw new LoadError(['--with-parent cannot be used with -: both need standard input'])
  const port = number('port', 0, 65_535)
  const speed = number('speed', 0.001, 10_000)
  const options: SandboxOptions = {
    paths: positionals,
    dump: values.dump ?? false,
    large,
    ...(values.scenario === undefined ? (Object.keys(large).length > 0 && positionals.length === 0 ? { scenario: 'large' } : {}) : { scenario: values.scenario }),
    ...(port === undefined ? {} : { port }),
    ...(speed === undefined ? {} : { speed }),
  }
  return { list: values.list ?? false, help: values.help ?? false, json: values.json ?? false, withParent: values['with-parent'] ?? false, options }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { scenario: text, port: text, speed: text, ingresses: text, services: text, pods: text, namespaces: text, seed: text, dump: flag, list: flag, help: flag, json: flag, 'with-parent': flag },
    })
  } catch (error) {
    throw new LoadError([error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error)])
  }
}
