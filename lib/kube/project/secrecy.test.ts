import { describe, expect, it } from 'vitest';
import { Interner } from './interner';
import { project } from './project';
import { maskArguments, maskSnippet, maskUrls } from './secrecy';

const CANARY = 'CANARY-5up3r';

describe('what never leaves a projection', () => {
  it('keeps no canary of an applied copy, managed fields, a Secret reference or a secret-looking variable', () => {
    const metadata = {
      name: 'w',
      namespace: 'shop',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': CANARY,
        'objectset.rio.cattle.io/applied': CANARY,
        'nginx.ingress.kubernetes.io/configuration-snippet': `proxy_set_header Authorization "Bearer ${CANARY}";`,
      },
      managedFields: [{ manager: CANARY }],
    };
    const env = [
      ...[
        'DB_PASSWORD',
        'API_KEY',
        'GITHUB_TOKEN',
        'DATABASE_URL',
        'AWS_SECRET_ACCESS_KEY',
        'STRIPE_KEY',
      ].map((name) => ({ name, value: CANARY })),
      { name: 'REDIS', value: `redis://user:${CANARY}@host:6379` },
      { name: 'FROM_SECRET', value: '', valueFrom: { secretKeyRef: { name: CANARY, key: CANARY } } },
    ];
    const containers = [
      {
        name: 'c',
        env,
        args: [`--admin-password=${CANARY}`, '--token', CANARY, `--upstream=http://u:${CANARY}@x`],
      },
    ];
    const raw = { metadata, data: { a: CANARY }, spec: { template: { spec: { containers } }, containers } };
    for (const kind of ['deployments', 'pods', 'services', 'ingresses'] as const) {
      expect(JSON.stringify(project(kind, raw, new Interner()))).not.toContain(CANARY);
    }
  });

  it('keeps plain variables and downward fields, which tell how a controller is set up', () => {
    const env = [
      { name: 'WATCH_NAMESPACE', value: 'shop' },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ];
    const workload = project(
      'deployments',
      { metadata: { name: 'w' }, spec: { template: { spec: { containers: [{ name: 'c', env }] } } } },
      new Interner(),
    );
    expect(workload?.containers[0]?.env).toEqual({
      WATCH_NAMESPACE: 'shop',
      POD_NAMESPACE: 'fieldRef:metadata.namespace',
    });
  });
});

describe('URLs', () => {
  it('lose every user and password, and nothing else', () => {
    expect(maskUrls('https://u:p@a/x,postgres://:p@b:1 https://c:443/@d')).toBe(
      'https://‹redacted›@a/x,postgres://‹redacted›@b:1 https://c:443/@d',
    );
  });
});

describe('arguments', () => {
  it('keep what names a Secret, a file or a class', () => {
    const args = [
      '--default-ssl-certificate=ns/tls',
      '-default-server-tls-secret=$(POD_NAMESPACE)/x',
      '--ingress-class=nginx',
      '--token-file=/var/t',
      '--publish-service=$(POD_NAMESPACE)/svc',
    ];
    expect(maskArguments(args)).toEqual(args);
  });
});

describe('snippets', () => {
  it('of a megabyte of look-alikes take no time', () => {
    const began = performance.now();
    for (const word of ['token', 'api-key-', 'secret ', 'token=;', '://a:'])
      maskSnippet(word.repeat(1_000_000 / word.length));
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('lose a credential up to the end of its directive and keep the rest', () => {
    expect(maskSnippet('proxy_set_header X-Api-Key abc;\nreturn 301 /x;')).toBe(
      'proxy_set_header X-Api-Key ‹redacted›;\nreturn 301 /x;',
    );
  });
});
