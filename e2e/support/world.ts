/* A sandbox cluster and a dashboard that watches it, each on its own port. */
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/sandbox/start';
import { Dashboard, type Env } from './dashboard';
import { Gate } from './gate';
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
  readonly kube: Kube;
  readonly #sandbox: Sandbox;
  readonly #gate: Gate;

  private constructor(dashboard: Dashboard, sandbox: Sandbox, gate: Gate) {
    this.dashboard = dashboard;
    this.kube = new Kube(sandbox.url);
    this.#sandbox = sandbox;
    this.#gate = gate;
  }

  static async start(options: WorldOptions): Promise<World> {
    const sandbox = await startSandbox({ speed: SPEED, ...options });
    const gate = new Gate(Number(new URL(sandbox.url).port));
    try {
      await options.prepare?.(new Kube(sandbox.url), sandbox);
      const { token } = options;
      await gate.open();
      await writeKubeconfig(sandbox.kubeconfig, {
        server: gate.url,
        ...(token === undefined ? {} : { token }),
      });
      const dashboard = await Dashboard.start({
        KUBECONFIG: sandbox.kubeconfig,
        ATLAS_DNS_SERVERS: sandbox.dns.join(','),
        ATLAS_SECRETS: 'watch',
        ...options.env,
      });
      return new World(dashboard, sandbox, gate);
    } catch (error) {
      await gate.close();
      await sandbox.close();
      throw error;
    }
  }

  get url(): string {
    return this.dashboard.url;
  }

  /** Nothing gets through to the API server any more; the returned function opens the way again. */
  async cutOff(): Promise<() => Promise<void>> {
    await this.#gate.close();
    return () => this.#gate.open();
  }

  async stop(): Promise<void> {
    await this.dashboard.stop();
    await this.#gate.close();
    await this.#sandbox.close();
  }
}
