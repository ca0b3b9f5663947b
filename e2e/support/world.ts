/* A sandbox cluster and a dashboard that watches it, each on its own port. */
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/sandbox/start';
import { Dashboard, type Env } from './dashboard';
import { Kube } from './kube';

export interface WorldOptions extends SandboxOptions {
  /** Settings of the dashboard beyond those of the demo. */
  readonly env?: Env;
  /** What is done to the cluster before the dashboard sees it. */
  readonly prepare?: (kube: Kube, sandbox: Sandbox) => Promise<unknown>;
  /** Signs in with this token, as someone who is not the administrator. */
  readonly token?: string;
}

/** Time in the cluster passes faster, so that pods are there when the test looks. */
const SPEED = 20;

export class World {
  readonly dashboard: Dashboard;
  readonly #options: WorldOptions;
  #sandbox: Sandbox | null;

  private constructor(dashboard: Dashboard, sandbox: Sandbox, options: WorldOptions) {
    this.dashboard = dashboard;
    this.#sandbox = sandbox;
    this.#options = options;
  }

  static async start(options: WorldOptions): Promise<World> {
    const sandbox = await startSandbox({ speed: SPEED, ...options });
    try {
      await options.prepare?.(new Kube(sandbox.url), sandbox);
      if (options.token !== undefined)
        await writeKubeconfig(sandbox.kubeconfig, { server: sandbox.url, token: options.token });
      const dashboard = await Dashboard.start({
        KUBECONFIG: sandbox.kubeconfig,
        ATLAS_DNS_SERVERS: sandbox.dns.join(','),
        ATLAS_SECRETS: 'watch',
        ...options.env,
      });
      return new World(dashboard, sandbox, options);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  get url(): string {
    return this.dashboard.url;
  }

  get sandbox(): Sandbox {
    if (!this.#sandbox) throw new Error('the cluster is down');
    return this.#sandbox;
  }

  get kube(): Kube {
    return new Kube(this.sandbox.url);
  }

  /** The API server goes away; the returned function brings the same cluster back at the same address. */
  async loseCluster(): Promise<() => Promise<void>> {
    const port = Number(new URL(this.sandbox.url).port);
    await this.sandbox.close();
    this.#sandbox = null;
    return async () => {
      this.#sandbox = await startSandbox({ speed: SPEED, ...this.#options, port });
    };
  }

  async stop(): Promise<void> {
    await this.dashboard.stop();
    await this.#sandbox?.close();
  }
}
