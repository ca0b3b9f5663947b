import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESOURCES } from '@/lib/kube/resources';
import { parseRequest } from '@/sandbox/api/api-request';
import { serviceAccountUser } from '@/sandbox/api/auth';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Attributes, allows } from '@/sandbox/api/rbac';
import { attributesOf } from '@/sandbox/api/resource-handler';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import type { ChartObject, Rule } from './chart';
import { caller } from './cluster-changes';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy';

const NAMESPACE = 'ingress-atlas';
const ACCOUNT = 'atlas-ingress-atlas';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** A request as RBAC sees it. */
export type Asked = Attributes;

/** A sandbox cluster where the dashboard has its own account with no more than it is granted, and all CRDs are installed. */
export class GrantedCluster {
  readonly kubeconfig: string;
  readonly sandbox: Sandbox;
  readonly #proxy: RecordingProxy;
  readonly #folder: string;
  #granted: readonly ChartObject[] = [];
  #from = 0;

  private constructor(sandbox: Sandbox, proxy: RecordingProxy, folder: string) {
    this.sandbox = sandbox;
    this.#proxy = proxy;
    this.#folder = folder;
    this.kubeconfig = join(folder, 'kubeconfig');
  }

  static async start(scenario: string): Promise<GrantedCluster> {
    const sandbox = await startSandbox({ scenario });
    // Where a kind is not installed nobody can tell whether its right is used.
    for (const { optional, group, version, resource, kind, namespaced } of RESOURCES) {
      if (!optional) continue;
      const singular = kind.toLowerCase();
      sandbox.storage.register({
        ...{ group, version, resource, singular, kind, namespaced },
        ...{ shortNames: [], subresources: { status: false } },
      });
    }
    const proxy = await startRecordingProxy(sandbox.url);
    const cluster = new GrantedCluster(sandbox, proxy, await mkdtemp(join(tmpdir(), 'ingress-atlas-')));
    const token = sandbox.api.authenticator.issue(NAMESPACE, ACCOUNT);
    await writeKubeconfig(cluster.kubeconfig, { server: proxy.url, token });
    return cluster;
  }

  /** Puts these roles and bindings in the place of those before, and forgets what was asked so far. */
  async grant(objects: readonly ChartObject[]): Promise<void> {
    const call = caller(this.sandbox.url);
    const collection = ({ kind, metadata }: ChartObject) =>
      `${RBAC}${metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`}/${PLURALS[kind]}`;
    for (const object of this.#granted) await call('DELETE', `${collection(object)}/${object.metadata.name}`);
    for (const object of objects) {
      const status = await call('POST', collection(object), object);
      if (status !== 201) throw new Error(`${object.kind} ${object.metadata.name}: ${status}`);
    }
    this.#granted = objects;
    this.#from = this.#proxy.requests.length;
  }

  /** What has been asked of resources since the last grant. */
  get asked(): readonly Asked[] {
    return this.#proxy.requests.slice(this.#from).flatMap(({ method, path }) => {
      const url = new URL(path, 'http://cluster');
      try {
        return attributesOf(parseRequest(method, url.pathname, url.searchParams, this.sandbox.storage));
      } catch {
        // A path that is no resource: discovery, the version.
        return [];
      }
    });
  }

  /** What has been asked and was not allowed. */
  get denied(): readonly Asked[] {
    const user = serviceAccountUser(NAMESPACE, ACCOUNT);
    return this.asked.filter((attributes) => !this.sandbox.api.authorizer.isAllowed(user, attributes));
  }

  /** Verbs on resources that are granted and have not been used, as `verb resource.group`. */
  unused(rules: readonly Rule[]): readonly string[] {
    const { asked } = this;
    return rules.flatMap(({ apiGroups, resources, verbs, ...rest }) =>
      resources.flatMap((resource) =>
        verbs
          .filter((verb) => {
            const one = { ...rest, apiGroups, resources: [resource], verbs: [verb] };
            return !asked.some((attributes) => allows(one, attributes));
          })
          .map((verb) => `${verb} ${resource}.${apiGroups.join()}`),
      ),
    );
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.sandbox.close();
    await rm(this.#folder, { recursive: true });
  }
}
