/* What the Jobs of ingress controllers leave behind: without it their pods never start, or their webhooks refuse everything. */
import type { Cluster } from './cluster';
import type { Container, KubeObject, Pod } from './shapes';

const WEBHOOKS = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
/** Stands for a CA's certificate: nobody in the sandbox asks for the webhook by TLS. */
const CA_BUNDLE = Buffer.from('sandbox CA').toString('base64');

interface WebhookConfiguration extends KubeObject {
  webhooks?: { clientConfig?: { caBundle?: string } }[];
}

/** Does the work of a Job's pod that has ended well; doing it twice changes nothing. */
export function doWork(cluster: Cluster, pod: Pod): void {
  for (const container of pod.spec.containers) {
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    if (container.image.includes('kube-webhook-certgen')) webhookCertificate(cluster, pod, words);
    else if (isContour(container) && words.includes('certgen')) contourCertificates(cluster, pod, words);
  }
}

function flag(words: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return words.find((word) => word.startsWith(start))?.slice(start.length) || undefined;
}

/** kube-webhook-certgen: `create` makes the Secret, `patch` writes its CA into the webhook configuration. */
function webhookCertificate(cluster: Cluster, pod: Pod, words: readonly string[]): void {
  const secret = flag(words, 'secret-name');
  if (words.includes('create') && secret) leaveSecret(cluster, pod, secret, ['ca', 'cert', 'key']);
  const webhook = flag(words, 'webhook-name');
  if (!words.includes('patch') || !webhook || flag(words, 'patch-validating') === 'false') return;
  const config = cluster.get<WebhookConfiguration>(WEBHOOKS, undefined, webhook);
  if (!config?.webhooks?.some((hook) => !hook.clientConfig?.caBundle)) return;
  const webhooks = config.webhooks.map((hook) => ({
    ...hook,
    clientConfig: { ...hook.clientConfig, caBundle: CA_BUNDLE },
  }));
  cluster.update(WEBHOOKS, { ...config, webhooks }, 'kube-webhook-certgen');
}

function isContour({ image }: Container): boolean {
  return /(^|\/)contour(:|@|$)/.test(image);
}

/** `contour certgen --kube`: the Secrets by which Contour and its Envoys know each other. */
function contourCertificates(cluster: Cluster, pod: Pod, words: readonly string[]): void {
  if (!words.includes('--kube')) return;
  const suffix = flag(words, 'secrets-name-suffix') ?? '';
  for (const name of ['contourcert', 'envoycert'])
    leaveSecret(cluster, pod, name + suffix, ['ca.crt', 'tls.crt', 'tls.key']);
}

function leaveSecret(cluster: Cluster, pod: Pod, name: string, keys: readonly string[]): void {
  const { namespace } = pod.metadata;
  if (cluster.storage.get('secrets', namespace, name)) return;
  const data = Object.fromEntries(keys.map((key) => [key, '']));
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', data };
  cluster.create('secrets', secret, 'kube-webhook-certgen');
}
