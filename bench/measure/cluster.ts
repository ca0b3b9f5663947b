/* The sandbox cluster as the bench uses it: a process of its own. */
import { readFileSync } from 'node:fs';
import { endProcess, firstText, startNode, TSX } from './processes';
import type { Sizes } from './sizes';

export interface Cluster {
  /** URL of the API server. */
  readonly url: string;
  readonly kubeconfig: string;
  setReady(namespace: string, name: string, ready: boolean): Promise<void>;
  churn(podsPerSecond: number, seconds: number): Promise<void>;
  /** Holds the whole process still, so that requests wait; `resume` lets it go on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** The smallest cluster there is: what a server costs that has nothing to show. */
export const EMPTY: Sizes = { ingresses: 1, services: 1, pods: 1, namespaces: 1 };

/** Starts a cluster of the scenario `large`; resolves when it serves. */
export async function startCluster(sizes: Sizes): Promise<Cluster> {
  const wanted = Object.entries(sizes).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const args = [
    '--import',
    TSX,
    'sandbox/main.ts',
    '--json',
    '--port',
    '0',
    '--scenario',
    'large',
    ...wanted,
  ];
  const child = startNode(args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = (await firstText(child, (text) => text.includes('\n'))).split('\n')[0] ?? '';
  if (!line.startsWith('{')) throw new Error(`the sandbox cluster did not start: ${line}`);
  const { kubeconfig } = JSON.parse(line) as { kubeconfig: string };
  const url = /server:\s*"?([^\s"]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
  return {
    url,
    kubeconfig,
    setReady: (namespace, name, ready) => post('/sandbox/pods/ready', { namespace, name, ready }),
    churn: (podsPerSecond, seconds) => post('/sandbox/churn', { podsPerSecond, seconds }),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGCONT');
      await endProcess(child);
    },
  };
}
