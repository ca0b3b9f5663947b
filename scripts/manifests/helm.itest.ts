/* The chart with a real Helm: the golden files again, its linter, and what the chart refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasHelm, helm, render } from './helm';
import { CHART, fileOf, KUBE_VERSION, RENDERINGS } from './renderings';

const ROOT = join(import.meta.dirname, '..', '..');
const POSTGRES = ['database.type=postgres', 'database.existingSecret=db'];
const OIDC = ['auth.mode=oidc', 'auth.oidc.issuer=https://id.example.com', 'auth.oidc.clientId=atlas'];

/** What is set, by what must be said of it. */
const REFUSED: readonly (readonly [string, readonly string[]])[] = [
  ['replicas: 2 needs database.type: postgres', ['replicas=2']],
  ['replicas: 2 needs database.type: postgres', ['replicas=2', 'database.type=off']],
  ['database.type: postgres needs database.existingSecret', ['database.type=postgres']],
  ['needs auth.existingSecret with a session-key', ['replicas=2', ...POSTGRES]],
  [
    'needs auth.existingSecret with a session-key',
    ['replicas=2', ...POSTGRES, ...OIDC, 'publicUrl=https://a.example'],
  ],
  ['auth.mode: none: whoever reaches the Service', ['auth.mode=none']],
  [
    'strangers would see the whole cluster',
    ['auth.mode=none', 'ingress.enabled=true', 'ingress.host=a.example'],
  ],
  ['strangers would see the whole cluster', ['auth.mode=none', 'service.type=LoadBalancer']],
  ['needs auth.oidc.issuer and auth.oidc.clientId', ['auth.mode=oidc', 'publicUrl=https://a.example']],
  ['needs auth.oidc.issuer and auth.oidc.clientId', [...OIDC.slice(0, 2), 'publicUrl=https://a.example']],
  ['auth.mode: oidc needs publicUrl', OIDC],
  ['auth.mode: proxy needs auth.proxy.peers', ['auth.mode=proxy']],
  ['Prometheus would be asked to sign in', ['metrics.serviceMonitor.enabled=true']],
  [
    'Prometheus would be asked to sign in',
    [...OIDC, 'publicUrl=https://a.example', 'metrics.serviceMonitor.enabled=true'],
  ],
  ['rbac.namespaced: true needs rbac.namespaces', ['rbac.namespaced=true']],
  ['a ClusterRole reads every namespace', ['rbac.namespaces={shop}']],
  ['are for secrets.mode: get', ['secrets.names={tls}']],
  ['choose one', ['secrets.mode=get', 'secrets.names={tls}', 'secrets.byNamespace.shop={tls}']],
  [
    'secrets.byNamespace.other: the namespace is not among rbac.namespaces',
    ['rbac.namespaced=true', 'rbac.namespaces={shop}', 'secrets.mode=get', 'secrets.byNamespace.other={tls}'],
  ],
  ['ingress.enabled: true needs ingress.host', ['ingress.enabled=true']],
  [
    'httpRoute.enabled: true needs httpRoute.host and httpRoute.parentRefs',
    ['httpRoute.enabled=true', 'httpRoute.host=a.example'],
  ],
  ['serviceAccount.name: needed with serviceAccount.create=false', ['serviceAccount.create=false']],
  // What has no such setting is a mistake, not something to pass over.
  ["additional properties 'replica' not allowed", ['replica=2']],
  ['/kubeconfig/environments/0', ['kubeconfig.environments={prod}']],
];

const sets = (values: readonly string[]) => values.flatMap((value) => ['--set', value]);
const template = (values: readonly string[]) =>
  helm(['template', 'atlas', join(ROOT, CHART), '--kube-version', KUBE_VERSION, ...sets(values)]);

/** What Helm says instead of rendering; empty where it takes the values. */
async function refusal(values: readonly string[]): Promise<string> {
  try {
    await template(values);
    return '';
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  }
}

describe.skipIf(!hasHelm())('the chart (skipped where Helm is not installed)', () => {
  it.each(RENDERINGS)('is rendered to $file, byte for byte', async (rendering) => {
    const rendered = fileOf(ROOT, rendering, await render(ROOT, rendering));
    expect(rendered).toBe(readFileSync(join(ROOT, rendering.file), 'utf8'));
  });

  it.each(RENDERINGS.filter(({ isManifest }) => !isManifest))(
    'passes the linter with ci/$values',
    async ({ values }) => {
      const chart = join(ROOT, CHART);
      expect(await helm(['lint', '--strict', '--values', join(chart, 'ci', values), chart])).toContain(
        '1 chart(s) linted, 0 chart(s) failed',
      );
    },
  );

  it.each(REFUSED)('says "%s" to %j', async (says, values) => {
    expect(await refusal(values)).toContain(says);
  });

  it.each([
    [[...POSTGRES, 'replicas=2', 'auth.existingSecret=keys']],
    [[...OIDC, 'ingress.enabled=true', 'ingress.host=a.example', 'ingress.tlsSecret=tls']],
    [['auth.mode=proxy', 'auth.proxy.peers={10.0.0.0/8}']],
    [['metrics.serviceMonitor.enabled=true', 'metrics.open=true']],
    [['metrics.serviceMonitor.enabled=true', 'metrics.serviceMonitor.endpoint.authorization.type=Bearer']],
    [['database.type=off', 'auth.mode=none', 'auth.noneIsFine=true']],
    [['kubeconfig.environments={prod-*=production}']],
  ])('takes %j', async (values) => {
    expect(await template(values)).toContain('kind: Deployment');
  });

  it('asks nothing of an older cluster that it does not know', async () => {
    const [first] = RENDERINGS;
    if (!first) throw new Error('nothing is rendered');
    const old = await render(ROOT, first, ['--kube-version', '1.29.0']);
    expect(old).not.toContain('sleep:');
    expect(old).toContain('command: [/nodejs/bin/node');
  });
});
