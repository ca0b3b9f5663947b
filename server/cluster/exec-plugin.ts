import 'server-only';
import { spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import { list, record, text } from '@/lib/kube/project/raw';

/** What a plugin gives; PEM and token, empty where it gives none. */
export interface ExecCredential {
  readonly token: string;
  readonly certificate: string;
  readonly key: string;
}

/** Milliseconds. */
export interface ExecTiming {
  /** One that opens a browser waits for a person; after this nobody will come. */
  readonly within: number;
  /** One that failed is asked again no sooner: many watchers ask, and each asking may open a browser. */
  readonly failedAgain: number;
}

const TIMING: ExecTiming = { within: 180_000, failedAgain: 15_000 };
/** What is about to end is not begun with (client-go does the same at the end itself; our requests live longer). */
const EARLY_MS = 10_000;
const MOST_OUTPUT = 1024 * 1024;

interface Kept {
  readonly credential: ExecCredential;
  /** Epoch ms. */
  readonly until: number;
}

/**
 * An exec credential plugin of a kubeconfig (client.authentication.k8s.io, as client-go runs it): a program that prints
 * credentials. Asked once by all who ask together, and again when what it gave has ended.
 */
export class ExecPlugin {
  readonly #exec: Readonly<Record<string, unknown>>;
  readonly #folder: string;
  readonly #timing: ExecTiming;
  #kept: Kept | null = null;
  #failed: { readonly error: Error; readonly at: number } | null = null;
  #running: Promise<ExecCredential> | null = null;

  /** `exec`: the user's entry; `folder`: of its kubeconfig, from which a relative command counts. */
  constructor(exec: unknown, folder: string, timing: Partial<ExecTiming> = {}) {
    this.#exec = record(exec);
    this.#folder = folder;
    this.#timing = { ...TIMING, ...timing };
  }

  /** Fails with the first line of what the plugin said. */
  async credential(): Promise<ExecCredential> {
    if (this.#kept && Date.now() < this.#kept.until) return this.#kept.credential;
    const { failedAgain } = this.#timing;
    if (this.#failed && performance.now() - this.#failed.at < failedAgain) throw this.#failed.error;
    this.#running ??= this.#ask().finally(() => {
      this.#running = null;
    });
    return await this.#running;
  }

  async #ask(): Promise<ExecCredential> {
    try {
      this.#kept = keptOf(await this.#run());
      this.#failed = null;
      return this.#kept.credential;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#failed = { error, at: performance.now() };
      throw error;
    }
  }

  #run(): Promise<string> {
    const command = text(this.#exec.command);
    const name = command.split(/[/\\]/).at(-1) ?? command;
    const { promise, resolve: done, reject } = Promise.withResolvers<string>();
    // A program without a terminal: one that wants to ask something finds that nobody answers.
    const child = spawn(this.#path(command), list(this.#exec.args).map(text), {
      env: { ...process.env, ...this.#env() },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${name} did not end within ${Math.round(this.#timing.within / 1000)} s`));
    }, this.#timing.within);
    const [out, err] = [collected(child.stdout), collected(child.stderr)];
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? this.#missing(command) : error),
    );
    child.on('close', (code, signal) => {
      if (code === 0) done(out());
      else reject(new Error(`${name} ended with ${code ?? signal}${firstLine(err())}`));
    });
    return promise.finally(() => clearTimeout(timer));
  }

  /** As client-go: what has a separator counts from the kubeconfig, what has none is looked for in PATH. */
  #path(command: string): string {
    return /[/\\]/.test(command) && !isAbsolute(command) ? resolve(this.#folder, command) : command;
  }

  #env(): Record<string, string> {
    const apiVersion = text(this.#exec.apiVersion) || 'client.authentication.k8s.io/v1';
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } };
    const given = list(this.#exec.env).map((entry) => record(entry));
    return {
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
      ...Object.fromEntries(given.map(({ name, value }) => [text(name), text(value)])),
    };
  }

  #missing(command: string): Error {
    const hint = firstLine(text(this.#exec.installHint));
    return new Error(`the credential plugin ${command} is not installed${hint}`);
  }
}

function collected(stream: NodeJS.ReadableStream): () => string {
  let all = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    if (all.length < MOST_OUTPUT) all += piece;
  });
  return () => all;
}

/** `: the first line that says something`, or nothing. Its output is never shown: it may hold credentials. */
function firstLine(output: string): string {
  const line = output.split('\n').find((one) => one.trim() !== '');
  return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`;
}

function keptOf(output: string): Kept {
  const status = record(record(parsed(output)).status);
  const credential = {
    token: text(status.token),
    certificate: text(status.clientCertificateData),
    key: text(status.clientKeyData),
  };
  if (credential.token === '' && credential.certificate === '')
    throw new Error('the credential plugin gave neither a token nor a certificate');
  const ends = Date.parse(text(status.expirationTimestamp));
  return { credential, until: Number.isNaN(ends) ? Number.POSITIVE_INFINITY : ends - EARLY_MS };
}

/** What is no JSON is not shown either. */
function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    throw new Error('the credential plugin printed no JSON');
  }
}
