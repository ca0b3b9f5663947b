/* What a person with kubectl does to the sandbox cluster. */

export class Kube {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get<T = Readonly<Record<string, unknown>>>(path: string): Promise<T> {
    return (await this.#call('GET', path)) as T;
  }

  create(path: string, object: object): Promise<unknown> {
    return this.#call('POST', path, object);
  }

  /** Creates an object again that `get` or `delete` gave, under its own name. */
  restore(collection: string, object: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { name, namespace, labels, annotations } = object.metadata as Readonly<Record<string, unknown>>;
    const { status: _, ...rest } = object;
    return this.create(collection, { ...rest, metadata: { name, namespace, labels, annotations } });
  }

  patch(path: string, change: object): Promise<unknown> {
    return this.#call('PATCH', path, change);
  }

  delete(path: string): Promise<unknown> {
    return this.#call('DELETE', path);
  }

  scale(namespace: string, deployment: string, replicas: number): Promise<unknown> {
    return this.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`, {
      spec: { replicas },
    });
  }

  /** Changes what the sandbox's name servers answer. */
  dns(record: object): Promise<unknown> {
    return this.#call('POST', '/sandbox/dns', record);
  }

  fault(fault: object): Promise<unknown> {
    return this.#call('POST', '/sandbox/faults', fault);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return JSON.parse(answer);
  }
}
