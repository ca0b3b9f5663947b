import { describe, expect, it } from 'vitest';
import { registerBuiltinKinds } from './builtin-kinds';
import { Storage, type StorageEvent } from './storage';
import { pod } from './test-server';

function fresh(): Storage {
  const storage = new Storage({ now: () => 0 });
  registerBuiltinKinds(storage);
  return storage;
}

describe('Storage', () => {
  it('stamps what it stores, and freezes it', () => {
    const stored = fresh().create('pods', pod('a'));
    expect(stored.metadata).toMatchObject({
      creationTimestamp: '1970-01-01T00:00:00Z',
      resourceVersion: '1001',
    });
    expect(() => Object.assign(stored.metadata, { name: 'b' })).toThrow(TypeError);
  });

  it('keeps objects, versions and bytes of what does not change', () => {
    const storage = fresh();
    const stored = storage.create('pods', pod('a'));
    const { bytes } = storage.revision('pods', 'default', 'a') ?? {};
    expect(storage.update('pods', structuredClone(stored))).toBe(stored);
    expect(storage.revision('pods', 'default', 'a')?.bytes).toBe(bytes);
    expect(storage.snapshot('pods')).toBe(storage.snapshot('pods'));
  });

  it('tells writes in order, also those made while telling', () => {
    const storage = fresh();
    const seen: string[] = [];
    const note = ({ type, object }: StorageEvent): void => {
      seen.push(`${type} ${object.metadata.name}`);
    };
    storage.onChange(({ type, object }) => {
      if (type === 'ADDED' && object.metadata.name === 'a') storage.create('pods', pod('b'));
    });
    storage.onChange(note);
    storage.create('pods', pod('a'));
    expect(seen).toEqual(['ADDED a', 'ADDED b']);
  });

  it('outlives a listener that throws', () => {
    const errors: unknown[] = [];
    const storage = new Storage({ onListenerError: (error) => errors.push(error) });
    registerBuiltinKinds(storage);
    storage.onChange(() => {
      throw new Error('broken');
    });
    storage.create('pods', pod('a'));
    expect([errors.length, storage.list('pods').length]).toEqual([1, 1]);
  });

  it('notes who changed what, and who does no longer', () => {
    const storage = fresh();
    const made = storage.create('pods', pod('a', { x: '1' }), { manager: 'kubectl' });
    const next = { ...made, metadata: { ...made.metadata, labels: { x: '2' } } };
    const { managedFields } = storage.update('pods', next, { manager: 'other' }).metadata;
    expect(managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
      ['kubectl', 'Update'],
      ['other', 'Update'],
    ]);
    expect(managedFields?.[0]?.fieldsV1).not.toHaveProperty('f:metadata');
    expect(managedFields?.[1]?.fieldsV1).toEqual({ 'f:metadata': { 'f:labels': { 'f:x': {} } } });
  });

  it('refuses a stale version, and counts generations of the spec', () => {
    const storage = fresh();
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'a' },
      spec: {},
    };
    const key = 'ingresses.networking.k8s.io';
    const first = storage.create(key, ingress);
    const second = storage.update(key, { ...first, spec: { rules: [] } });
    expect([first.metadata.generation, second.metadata.generation]).toEqual([1, 2]);
    expect(() => storage.update(key, { ...first, spec: {} })).toThrow(/object has been modified/);
  });
});
