import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Atlas } from './atlas';
import { readFixture } from './testing/fixture';

it('asks for the Secrets of TLS entries and for default certificates, and for no others', () => {
  const { objects } = readFixture(
    join(import.meta.dirname, 'fixtures/tls-secretname-empty/counts-on-default.yaml'),
  );
  const atlas = new Atlas();
  const secrets = () => {
    atlas.run(0);
    return [...atlas.wanted().secrets];
  };
  atlas.change(
    objects.filter(({ kind }) => kind === 'ingresses').map((change) => ({ type: 'object', change })),
  );
  expect(secrets()).toEqual([]);
  const controller = objects.filter(
    ({ kind, key }) => kind === 'deployments' && key.startsWith('ingress-nginx/'),
  );
  atlas.change(controller.map((change) => ({ type: 'object', change })));
  expect(secrets()).toEqual(['ingress-nginx/wildcard']);
  const before = atlas.wanted();
  atlas.change(
    objects
      .filter(({ kind, key }) => kind === 'deployments' && key.startsWith('shop/'))
      .map((change) => ({ type: 'object', change })),
  );
  atlas.run(0);
  expect(atlas.wanted()).toBe(before);
});
