// The file that kubectl and the dashboard find the sandbox by.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'yaml';

export type KubeconfigOptions = {
  server: string;
  token?: string;
  clusterName?: string;
  /** Namespace of the context. */
  namespace?: string;
};

/** The text of a kubeconfig with one context. */
export function kubeconfigText({
  server,
  token,
  clusterName = 'sandbox',
  namespace,
}: KubeconfigOptions): string {
  const user = `${clusterName}-admin`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // Some clients refuse plain HTTP unless they are told not to verify certificates.
    clusters: [{ name: clusterName, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: token === undefined ? {} : { token } }],
    contexts: [
      {
        name: clusterName,
        context: { cluster: clusterName, user, ...(namespace === undefined ? {} : { namespace }) },
      },
    ],
    'current-context': clusterName,
  });
}

/** Writes a kubeconfig that only its owner can read. */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, kubeconfigText(options), { mode: 0o600 });
}
