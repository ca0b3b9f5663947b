import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '@/lib/diagnosis/codes';

const HOPS =
  'dns|lb|controller|ingress|rule|tls|certmanager|service|endpoints|pod|workload|networkpolicy|rbac|nginx|nodeport|many|db|tcp|admin|allowlist|no|basic';

test('every check that the guide names exists', () => {
  const text = readFileSync(join(import.meta.dirname, '../docs/guide.md'), 'utf8');
  const named = [...text.matchAll(/`([a-z]+(?:-[a-z0-9]+)+)`/g)].map(([, code = '']) => code);
  const codes = named.filter((name) => new RegExp(`^(${HOPS})-`).test(name));
  expect(codes.length).toBeGreaterThan(80);
  expect([...new Set(codes)].filter((code) => !Object.hasOwn(CODES, code))).toEqual([]);
});
