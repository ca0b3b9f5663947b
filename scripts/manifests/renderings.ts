import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CHART = 'deploy/helm/ingress-atlas';
/** What the chart is rendered for; nothing in it depends on more than 1.30 or not. */
export const KUBE_VERSION = '1.34.0';

/** One file that is made from the chart with a set of values. */
export interface Rendering {
  readonly file: string;
  /** Below the chart's `ci`. */
  readonly values: string;
  readonly release: string;
  /** For `kubectl apply -f`: with its namespace, without Helm's marks. */
  readonly isManifest: boolean;
}

const CASES = [
  'cluster-wide',
  'exposed',
  'namespaced',
  'namespaced-only',
  'secretless',
  'secrets-get',
  'secrets-watch',
] as const;

export const RENDERINGS: readonly Rendering[] = [
  ...CASES.map((name) => ({
    file: `deploy/helm/golden/${name}.yaml`,
    values: `${name}.yaml`,
    release: 'atlas',
    isManifest: false,
  })),
  ...(['cluster-wide', 'secrets-get', 'namespaced'] as const).map((name) => ({
    file: `deploy/manifests/${name}.yaml`,
    values: `${name}.yaml`,
    release: 'ingress-atlas',
    isManifest: true,
  })),
];

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Changes when anything does that a rendering is made from; so a stale one is seen without Helm too. */
export function sourceMark(root: string, { values }: Rendering): string {
  const chart = join(root, CHART);
  const hash = createHash('sha256');
  for (const path of filesBelow(chart)) {
    const name = path.slice(chart.length + 1).replaceAll('\\', '/');
    if (name.startsWith('ci/') && name !== `ci/${values}`) continue;
    const content = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${name}\0${content.length}\0${content}`);
  }
  return `# Made by \`npm run manifests -- --write\` from ${CHART} (${hash.digest('hex').slice(0, 16)}).`;
}

const NAMESPACE = `---
apiVersion: v1
kind: Namespace
metadata:
  name: ingress-atlas
  labels:
    # The strictest of Kubernetes' own levels: the pod is refused if it ever asks for more.
    pod-security.kubernetes.io/enforce: restricted
`;

/** What a rendering's file holds, from Helm's output. */
export function fileOf(root: string, rendering: Rendering, rendered: string): string {
  const mark = `${sourceMark(root, rendering)}\n`;
  if (!rendering.isManifest) return mark + rendered;
  const own = rendered.replace(/^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, '');
  return mark + NAMESPACE + own;
}
