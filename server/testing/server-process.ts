import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The whole server as a process of its own: what it logs, and how it ends. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = '';
  #errors = '';

  constructor(env: Readonly<Record<string, string>>) {
    const { PATH = '' } = process.env;
    const program = `import('./server/testing/whole-server.ts')
      .then(({ serveWhole }) => serveWhole(process.env))
      .then(({ url }) => console.log(url));`;
    this.#child = spawn(
      process.execPath,
      ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', program],
      { env: { NODE_ENV: 'production', PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Everything that it has written to standard error. */
  get log(): string {
    return this.#errors;
  }

  /** Where it listens; throws if it ends instead. */
  async url(): Promise<string> {
    for (;;) {
      const line = /^(http:\S+)\n/m.exec(this.#output)?.[1];
      if (line !== undefined) return line;
      const heard = this.#child.stdout ? once(this.#child.stdout, 'data') : Promise.resolve([]);
      const code = await Promise.race([this.#exited, heard]);
      if (!Array.isArray(code)) throw new Error(`the server ended with ${code}: ${this.#errors}`);
    }
  }

  /** Its exit status, when it ends by itself. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#exited;
  }
}
