/* The chart's settings are the program's: it starts with them, and knows each of them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '@/server/config';
import { environmentOf, podSpecOf, renderedObjects } from '@/server/testing/chart';
import { RENDERINGS } from './renderings';

const TOLD = ['README.md', 'docs/auth.md']
  .map((file) => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8'))
  .join();

/** What comes from Secrets and from the pod. */
const ELSEWHERE = {
  DATABASE_URL: 'postgres://atlas@db/atlas',
  ATLAS_SESSION_KEY: createHash('sha256').update('a key').digest('base64'),
  ATLAS_OIDC_CLIENT_SECRET: 'secret',
  POD_NAME: 'atlas-0',
  POD_NAMESPACE: 'ingress-atlas',
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
};

interface Variable {
  readonly name: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

function variables(file: string): readonly Variable[] {
  const [container] = podSpecOf(renderedObjects(file)).containers as readonly [{ env: readonly Variable[] }];
  return container.env;
}

describe.each(RENDERINGS.map(({ file }) => file))('%s', (file) => {
  test('gives settings that the program takes, and not one without them', () => {
    const env = environmentOf(renderedObjects(file));
    const { pod, host } = loadConfig({ ...ELSEWHERE, ...env });
    expect([pod, host]).toEqual(['ingress-atlas/atlas-0', '0.0.0.0']);
    expect(() => loadConfig({ ...ELSEWHERE, ...env, ATLAS_AUTH: 'anybody' })).toThrow(ConfigError);
  });

  test('sets each variable once, and none that is not told of', () => {
    const names = variables(file).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const ours = names.filter((name) => /^(ATLAS_|POD_|DATABASE_URL|LOG_LEVEL|KUBECONFIG)/.test(name));
    expect(ours.filter((name) => !new RegExp(`\\b${name}\\b`).test(TOLD))).toEqual([]);
  });

  test('tells the pod who it is', () => {
    const fields = variables(file).flatMap(({ name, valueFrom }) =>
      valueFrom?.fieldRef ? [[name, valueFrom.fieldRef.fieldPath]] : [],
    );
    expect(fields).toEqual([
      ['POD_NAME', 'metadata.name'],
      ['POD_NAMESPACE', 'metadata.namespace'],
    ]);
  });
});
