import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from './recording';

/** A process that records, and what it says that is written. */
export class Scribe {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #said = '';
  #errors = '';

  constructor(url: string, seed: number, epoch: string, start: number) {
    const file = join(import.meta.dirname, 'scribe.ts');
    this.#child = spawn(
      process.execPath,
      ['--conditions=react-server', '--import', 'tsx', file, url, String(seed), epoch, String(start)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#gone = new Promise((done) => this.#child.once('close', done));
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
  }

  /** The last version that it was told is written; -1: none yet. */
  get acknowledged(): number {
    return Number(this.#said.slice(0, this.#said.lastIndexOf('\n')).split('\n').at(-1) || -1);
  }

  async writes(): Promise<void> {
    await until(
      () => this.acknowledged >= 0 || this.#child.exitCode !== null,
      () => `the first word of the scribe: ${this.#errors}`,
    );
  }

  /** Ends it as a crash would, in the midst of whatever it does; what it had been told by then. */
  async kill(): Promise<number> {
    this.#child.kill('SIGKILL');
    await this.#gone;
    return this.acknowledged;
  }
}
