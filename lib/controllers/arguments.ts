/** Command lines of containers: `$(VAR)` expansion and flags in the forms `--a=b`, `--a b`, `-a=b`, `-a b`. */
import type { Labels, Workload, WorkloadContainer } from '@/lib/kube/objects';

/** A flag's value: given, not given, or given by something that we cannot read. */
export type Reading =
  | { readonly state: 'set'; readonly value: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable' };

interface Word {
  readonly text: string;
  readonly readable: boolean;
}

interface Occurrence {
  /** After `=`; `null` without one. */
  readonly inline: Word | null;
  /** The following word, unless it is a flag. */
  readonly next: Word | null;
}

export interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, readonly Occurrence[]>;
}

const ABSENT: Reading = { state: 'absent' };
const UNREADABLE: Reading = { state: 'unreadable' };

/** Value of an environment variable: `fieldRef:metadata.namespace` is known from the workload, other fields are not. */
function environmentValue(name: string, env: Labels, workload: Workload, depth: number): Word {
  const value = env[name];
  if (value === undefined) return { text: `$(${name})`, readable: false };
  if (value === 'fieldRef:metadata.namespace') return { text: workload.namespace, readable: true };
  if (value.startsWith('fieldRef:')) return { text: `$(${name})`, readable: false };
  return depth > 0
    ? expand(value, env, workload, depth - 1)
    : { text: value, readable: !value.includes('$(') };
}

/** Kubernetes' expansion of `$(VAR)`; `$$(VAR)` is an escaped literal. */
function expand(text: string, env: Labels, workload: Workload, depth = 3): Word {
  let readable = true;
  const expanded = text.replace(
    /\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g,
    (match, name: string | undefined) => {
      if (name === undefined) return match === '$$' ? '$' : match;
      const word = environmentValue(name, env, workload, depth);
      readable &&= word.readable;
      return word.text;
    },
  );
  return { text: expanded, readable };
}

const SHELLS = /(?:^|\/)(?:ba|da|a|z)?sh$/;

/** The words of a shell's `-c` script; what holds a shell variable is unreadable. */
function scriptWords(script: Word): Word[] {
  return script.text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const text = part.replace(/["']/g, '');
      return { text, readable: !/[$`]/.test(text) };
    });
}

function commandWords(workload: Workload, container: WorkloadContainer): Word[] {
  const words = [...container.command, ...container.args].map((text) =>
    expand(text, container.env, workload),
  );
  const script = words.findIndex(
    (_, index) =>
      index > 1 && /^-\w*c$/.test(words[index - 1]?.text ?? '') && SHELLS.test(words[index - 2]?.text ?? ''),
  );
  const found = words[script];
  return found ? [...words.slice(0, script), ...scriptWords(found), ...words.slice(script + 1)] : words;
}

/** Reads a container's command line. Flag names are compared without dashes and case (Traefik ignores case). */
export function readArguments(workload: Workload, container: WorkloadContainer): Arguments {
  const words = commandWords(workload, container);
  const flags = new Map<string, Occurrence[]>();
  words.forEach((word, index) => {
    const match = /^--?([A-Za-z][^=\s]*)(?:=([\s\S]*))?$/.exec(word.text);
    if (!match?.[1]) return;
    const following = words[index + 1];
    const occurrence = {
      inline: match[2] === undefined ? null : { text: match[2], readable: word.readable },
      next: following && !following.text.startsWith('-') ? following : null,
    };
    const key = match[1].toLowerCase();
    flags.set(key, [...(flags.get(key) ?? []), occurrence]);
  });
  return { words: words.map((word) => word.text), flags };
}

function reading(word: Word | null): Reading {
  if (!word) return ABSENT;
  return word.readable ? { state: 'set', value: word.text } : UNREADABLE;
}

/** Whether a flag is given at all. */
export function hasFlag(args: Arguments, name: string): boolean {
  return args.flags.has(name.toLowerCase());
}

/** Every value of a repeatable flag. */
export function readAll(args: Arguments, name: string): readonly Reading[] {
  return (args.flags.get(name.toLowerCase()) ?? []).map(({ inline, next }) => reading(inline ?? next));
}

/** A flag's value; the last one wins. */
export function readText(args: Arguments, name: string): Reading {
  return readAll(args, name).at(-1) ?? ABSENT;
}

/** A boolean flag: without `=` it is true, and the next word does not belong to it (Go's flag and pflag). */
export function readBoolean(args: Arguments, name: string, otherwise: boolean): boolean | 'unknown' {
  const last = args.flags.get(name.toLowerCase())?.at(-1);
  if (!last) return otherwise;
  if (!last.inline) return true;
  if (!last.inline.readable) return 'unknown';
  return /^(?:1|t|true)$/i.test(last.inline.text);
}

/** A flag that may also come from an environment variable (`CONTROLLER_INGRESS_CLASS` of Kong). */
export function readFlagOrEnvironment(
  args: Arguments,
  name: string,
  workload: Workload,
  container: WorkloadContainer,
  variable: string,
): Reading {
  const flag = readText(args, name);
  if (flag.state !== 'absent' || container.env[variable] === undefined) return flag;
  return reading(environmentValue(variable, container.env, workload, 3));
}
