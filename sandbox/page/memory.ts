/* Remembers deleted Services and TLS Secrets, whoever deleted them, so that they can be restored. */
import type { Storage } from '../api/storage';
import type { KubeObject } from '../controllers/shapes';

const MAX_REMEMBERED = 100;

/** The last deleted objects of a storage. */
export class Memory {
  private readonly objects = new Map<string, { resource: string; object: KubeObject }>();
  readonly stop: () => void;

  constructor(storage: Storage) {
    this.stop = storage.onChange((event) => {
      const object = event.object as KubeObject;
      const { namespace, name } = object.metadata;
      const key = `${event.resource}/${namespace}/${name}`;
      if (event.type !== 'DELETED') {
        this.objects.delete(key);
        return;
      }
      const isOurs =
        event.resource === 'services' ||
        (event.resource === 'secrets' && object.type === 'kubernetes.io/tls');
      const leaving =
        storage.get('namespaces', undefined, namespace ?? '')?.metadata.deletionTimestamp !== undefined;
      if (!isOurs || leaving) return;
      this.objects.set(key, { resource: event.resource, object });
      const [oldest] = this.objects.keys();
      if (this.objects.size > MAX_REMEMBERED && oldest) this.objects.delete(oldest);
    });
  }

  deleted(resource: string): KubeObject[] {
    return [...this.objects.values()]
      .filter((entry) => entry.resource === resource)
      .map((entry) => entry.object);
  }

  find(id: string): { resource: string; object: KubeObject } | undefined {
    return this.objects.get(id);
  }
}
