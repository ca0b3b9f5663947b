/* One running dashboard of the production build. */
import type { ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '@/scripts/launch/ports.mjs';
import { startProgram } from '@/scripts/launch/processes.mjs';
import { builtServer } from './built-server';

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 60_000;

export type Env = Readonly<Record<string, string | undefined>>;

/** Settings that the machine's own environment must not bring in. */
const NONE: Env = {
  ATLAS_CONTEXTS: undefined,
  ATLAS_NAMESPACES: undefined,
  ATLAS_SECRETS: undefined,
  ATLAS_DNS: undefined,
  ATLAS_DNS_SERVERS: undefined,
  ATLAS_KNOWN_ADDRESSES: undefined,
  ATLAS_PUBLIC_URL: undefined,
  KUBERNETES_SERVICE_HOST: undefined,
  KUBERNETES_SERVICE_PORT: undefined,
};

export class Dashboard {
  readonly url: string;
  readonly #port: number;
  readonly #env: Env;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #log = '';

  private constructor(port: number, env: Env) {
    this.url = `http://${HOST}:${port}`;
    this.#port = port;
    this.#env = env;
  }

  /** Starts one on a free port; resolves when it answers. */
  static async start(env: Env): Promise<Dashboard> {
    const port: number = await choosePort({ host: HOST, mayMove: false, env: { PORT: '0' } });
    const dashboard = new Dashboard(port, env);
    await dashboard.start();
    return dashboard;
  }

  /** Everything that it has said so far. */
  get log(): string {
    return this.#log;
  }

  /** Starts it (again) on its port. */
  async start(): Promise<void> {
    const { node, file } = await builtServer();
    const options = {
      cwd: dirname(file),
      env: {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        LOG_LEVEL: 'warn',
        // History is kept only where a test says where.
        DATABASE_URL: 'off',
        ...NONE,
        ...this.#env,
        HOSTNAME: HOST,
        HOST,
        PORT: String(this.#port),
      },
    };
    const child: ChildProcess = startProgram(node, [file], options);
    const hear = (chunk: Buffer) => {
      this.#log += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.#child = child;
    this.#ended = new Promise((done) => child.once('exit', () => done()));
    await this.#untilReady(child);
  }

  /** Ends it at once, as a crash or an out-of-memory kill does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** What the API answers. */
  async json<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.url}${path}`)).json()) as T;
  }

  /** The value of a metric without labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(`${this.url}/readyz`))) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the dashboard did not start:\n${this.#log}`);
      await sleep(50);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
