/* The image's files, run as the chart runs them; what only a container gives (its file system, its network) is not here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigText } from '@/sandbox/api/kubeconfig';
import type { Sandbox } from '@/sandbox/start';
import { writeTree } from '@/scripts/image-tree.mjs';
import { ensureBuilt } from '@/scripts/launch/build.mjs';
import { pickNode } from '@/scripts/launch/node.mjs';
import { at } from '@/scripts/launch/paths.mjs';
import { choosePort } from '@/scripts/launch/ports.mjs';
import { environmentOf, goldenObjects } from '@/server/testing/chart';

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 60_000;
/** Whom the image and the chart name. */
export const IMAGE_USER = 65532;
/** Only root may start a program as somebody else. */
export const isRoot = process.getuid?.() === 0;

/** Each file of the image with its rights and what it holds, by path; links with where they lead. */
export function listing(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const file = join(folder, path);
      const { mode, mtimeMs } = lstatSync(file);
      return `${path} ${mode.toString(8)} ${mtimeMs} ${contentOf(file)}`;
    });
}

function contentOf(file: string): string {
  const stat = lstatSync(file);
  if (stat.isSymbolicLink()) return readlinkSync(file);
  return stat.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
}

/** What the image runs, with its arguments. */
function command(): readonly string[] {
  const [, list = '[]'] = /^CMD (\[.*\])$/m.exec(readFileSync(at('Dockerfile'), 'utf8')) ?? [];
  return JSON.parse(list) as readonly string[];
}

export class Image {
  /** The files, as `/app` of the image. */
  readonly tree: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #log = '';
  #url = '';

  private constructor(folder: string) {
    this.#folder = folder;
    this.tree = join(folder, 'app');
  }

  /** Makes the files from the build. */
  static async make(): Promise<Image> {
    await ensureBuilt(pickNode());
    const image = new Image(await mkdtemp(join(tmpdir(), 'ingress-atlas-image-')));
    await chmod(image.#folder, 0o755);
    for (const name of ['data', 'tmp']) {
      await mkdir(join(image.#folder, name));
      await chmod(join(image.#folder, name), 0o1777);
    }
    writeTree(image.tree);
    return image;
  }

  get url(): string {
    return this.#url;
  }

  /** Everything that it has said so far. */
  get log(): string {
    return this.#log;
  }

  /** Whose process it is, as the system says. */
  get user(): number {
    return statSync(`/proc/${this.#child?.pid}`).uid;
  }

  /** Files of the volumes that are its own to write. */
  get written(): readonly string[] {
    return ['data', 'tmp'].flatMap((name) =>
      readdirSync(join(this.#folder, name)).map((file) => `${name}/${file}`),
    );
  }

  /** Starts it on a cluster; resolves when the readiness probe would take it. */
  async start(sandbox: Sandbox): Promise<void> {
    const port: number = await choosePort({ host: HOST, mayMove: false, env: { PORT: '0' } });
    this.#url = `http://${HOST}:${port}`;
    const kubeconfig = join(this.#folder, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigText({ server: sandbox.url }), { mode: 0o644 });
    const child = spawn(pickNode(), command(), {
      cwd: this.tree,
      ...(isRoot ? { uid: IMAGE_USER, gid: IMAGE_USER } : {}),
      // Nothing of this machine's own environment.
      env: {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        ...environmentOf(goldenObjects('cluster-wide')),
        // From here on what this machine is not a pod for.
        TMPDIR: join(this.#folder, 'tmp'),
        DATABASE_URL: `sqlite:${join(this.#folder, 'data', 'history.sqlite')}`,
        KUBECONFIG: kubeconfig,
        ATLAS_DNS_SERVERS: sandbox.dns.join(','),
        ATLAS_AUTH: 'none',
        POD_NAME: 'ingress-atlas-0',
        POD_NAMESPACE: 'ingress-atlas',
        HOST,
        HOSTNAME: HOST,
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    await this.#untilReady(child);
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit').then(() => true);
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isReady(this.#url))) {
      const hasEnded = await Promise.race([ended, new Promise((done) => setTimeout(done, 100, false))]);
      // Next goes on listening where its start has failed by anything but a wrong setting.
      if (hasEnded || Date.now() > deadline) throw new Error(`the image did not start:\n${this.#log}`);
    }
  }

  /** Ends it as the kubelet does; answers its exit status. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await ended;
    return code as number | null;
  }

  /** Ends it, and deletes what there is of it. */
  async remove(): Promise<void> {
    await this.stop();
    if (!isRoot) await makeWritable(this.tree);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Folders without write bits keep even their owner from deleting what is in them. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
