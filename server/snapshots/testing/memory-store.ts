import type { Topology } from '@/lib/topology/model';
import type { HttpContext } from '@/server/http/context';
import { Marks } from '@/server/marks/marks';
import { offRecorder } from '@/server/recorder/testing/off';
import type { NewSnapshot } from '@/server/recorder/types';
import { Snapshots, type SnapshotsOptions } from '@/server/snapshots/snapshots';

/** Keeps snapshots as the recorder does, for the tests of what stands around it. */
export class MemoryStore {
  readonly kept = new Map<string, NewSnapshot>();

  put = (snapshot: NewSnapshot): Promise<void> => {
    this.kept.set(snapshot.idHash, snapshot);
    return Promise.resolve();
  };
  get = (idHash: string) => Promise.resolve(this.kept.get(idHash) ?? null);
  picture = (idHash: string, name: string): Promise<Buffer | null> => {
    const body = this.kept.get(idHash)?.pictures[name];
    return Promise.resolve(body ? Buffer.from(body) : null);
  };
  remove = (idHash: string) => Promise.resolve(this.kept.delete(idHash));
  count = () => {
    const bytes = [...this.kept.values()].reduce((sum, { doc }) => sum + doc.length, 0);
    return Promise.resolve({ count: this.kept.size, bytes });
  };
}

const PNG = Buffer.from('\x89PNG');

/** Snapshots of one topology, without pictures worth looking at. */
export function testSnapshots(topology: Topology | null, options: Partial<SnapshotsOptions> = {}): Snapshots {
  return new Snapshots({
    store: new MemoryStore(),
    sources: {
      freeze: () => Promise.resolve(topology),
      at: () => Promise.resolve({ missing: 'off', reason: 'DATABASE_URL=off', oldest: null, newest: null }),
    },
    cluster: () => 'test',
    pictures: () =>
      Promise.resolve({ 'card-light': PNG, 'card-dark': PNG, 'wide-light': PNG, 'wide-dark': PNG }),
    ...options,
  });
}

/** What the context of handlers has for snapshots, where a test does not ask for them. */
export function noSnapshots(): Pick<HttpContext, 'snapshots' | 'marks' | 'config' | 'audit' | 'callerOf'> {
  return {
    snapshots: testSnapshots(null),
    marks: new Marks({ store: offRecorder().marks, isFinding: () => false }),
    config: { host: '127.0.0.1', port: 3000, publicUrl: '', publicPreview: false },
    audit: () => undefined,
    callerOf: () => '',
  };
}
