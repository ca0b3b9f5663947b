import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHART, KUBE_VERSION, type Rendering } from './renderings';

const HELM = process.env.HELM ?? 'helm';
const run = promisify(execFile);

/** Whether there is a Helm here ($HELM, else the one of the path). */
export const hasHelm = (): boolean => spawnSync(HELM, ['version', '--short']).status === 0;

/** Runs Helm; throws with what it says when it refuses. */
export async function helm(args: readonly string[]): Promise<string> {
  const { stdout } = await run(HELM, [...args], { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** The chart with the values of a file of its `ci` folder and more arguments of `helm template`. */
export function render(root: string, rendering: Rendering, more: readonly string[] = []): Promise<string> {
  const chart = join(root, CHART);
  return helm([
    'template',
    rendering.release,
    chart,
    ...['--kube-version', KUBE_VERSION, '--namespace', 'ingress-atlas'],
    ...['--values', join(chart, 'ci', rendering.values)],
    ...more,
  ]);
}
