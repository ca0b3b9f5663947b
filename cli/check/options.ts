/* The command line of `check`. */
import { parseArgs } from 'node:util';
import type { Severity } from '@/lib/topology/model';

export const FORMATS = ['human', 'json', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

export const THRESHOLDS = ['broken', 'degraded', 'warning', 'info', 'never'] as const;

export interface CheckOptions {
  /** Empty: the live cluster. */
  readonly paths: readonly string[];
  readonly dump: boolean;
  readonly format: Format;
  /** File to write to; empty: standard output. */
  readonly output: string;
  readonly failOn: Severity | 'never';
  /** `traffic`: risks are told, but fail nothing. */
  readonly impact: 'traffic' | 'all';
  readonly context: string;
  readonly namespaces: string;
}

export class UsageError extends Error {}

export const HELP = `Diagnoses without a browser.

  check PATH…            manifests (files, folders, - for standard input), as a cluster would run them
  check --dump PATH…     a dump of a real cluster (kubectl get … -o yaml), exactly as it is
  check                  the live cluster of your kubeconfig, or the one this runs in

  --format NAME          human (default), json, sarif, junit
  --output FILE          writes there instead of to standard output
  --fail-on SEVERITY     broken (default), degraded, warning, info, never
  --impact all|traffic   traffic: risks are told and fail nothing (default: all)
  --context NAME         of the kubeconfig; --namespace A,B limits the view

Exit status: 0 nothing as bad as --fail-on, 1 something is, 2 it could not be checked.
Manifests without a controller: ingress-nginx is assumed for its own class or none; else what depends on it is unknown.
A dump shows what was asked for: a kind that it holds none of is unknown. Enough for most:
  kubectl get ing,ingressclass,svc,endpointslices,po,deploy,ds,sts,cm,netpol -A -o yaml > dump.yaml
`;

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${name} ${value}: allowed are ${allowed.join(', ')}`);
  return found;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: text,
        output: text,
        'fail-on': text,
        impact: text,
        context: text,
        namespace: text,
        dump: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** Reads the arguments; null: help is wanted. Throws `UsageError` for wrong ones. */
export function readOptions(args: readonly string[]): CheckOptions | null {
  const { values, positionals: paths } = parse(args);
  if (values.help) return null;
  const dump = values.dump ?? false;
  if (dump && paths.length === 0)
    throw new UsageError('--dump: name the files or folders of the dump, or - for standard input');
  if (paths.length > 0 && (values.context !== undefined || values.namespace !== undefined))
    throw new UsageError('--context and --namespace are for a live cluster, not for files');
  return {
    paths,
    dump,
    format: oneOf('format', values.format ?? 'human', FORMATS),
    output: values.output ?? '',
    failOn: oneOf('fail-on', values['fail-on'] ?? 'broken', THRESHOLDS),
    impact: oneOf('impact', values.impact ?? 'all', ['all', 'traffic']),
    context: values.context ?? '',
    namespaces: values.namespace ?? '',
  };
}
