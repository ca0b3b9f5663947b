import 'server-only';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const READY = z.object({ kubeconfig: z.string(), sandboxUrl: z.string(), dns: z.array(z.string()) });

export type SandboxProcess = z.infer<typeof READY> & {
  readonly url: string;
  /** Stops it as it stands, or lets it go on: its sockets stay open and nobody answers. */
  freeze(frozen: boolean): void;
  stop(): Promise<void>;
};

/** The sandbox cluster as a program of its own: we meet it through its kubeconfig, as any cluster. */
export async function startSandboxProcess(args: readonly string[]): Promise<SandboxProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'sandbox/main.ts', '--json', '--with-parent', ...args],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await Promise.race([
    createInterface({ input: child.stdout })[Symbol.asyncIterator]().next(),
    exited.then(() => {
      throw new Error('the sandbox did not start');
    }),
  ]);
  const ready = READY.parse(JSON.parse(String(line.value)));
  const stop = async (): Promise<void> => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await exited;
  };
  const freeze = (frozen: boolean): void => {
    child.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  };
  return { ...ready, freeze, url: new URL(ready.sandboxUrl).origin, stop };
}
