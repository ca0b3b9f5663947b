/** The webhook that judges Ingresses before they are stored: down, every edit is refused, while traffic flows on. */
import type { Found } from '@/lib/diagnosis/check';
import { controllerHealth } from '@/lib/diagnosis/controller-health';
import { CLOUD_HOLD_MS, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import type { WebhookConfiguration } from '@/lib/kube/policy-objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { controllers } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { members, object } from '@/lib/topology/reads';

type Hook = WebhookConfiguration['hooks'][number];

const INGRESSES = /^(networking\.k8s\.io|extensions|\*)\/(ingresses|\*)$/;

/** `controller-admission-webhook-down` and `controller-admission-ca-stale`. */
export function admissionWebhooks(read: Reader): readonly Found[] {
  return members(read, 'webhooks-all', '').flatMap((key) => {
    const config = object(read, 'validatingwebhookconfigurations', key);
    if (!config) return [];
    return config.hooks
      .filter(({ resources, service }) => service !== null && resources.some((name) => INGRESSES.test(name)))
      .flatMap((hook) => [...down(read, config, hook), ...caMissing(read, config, hook)]);
  });
}

function down(read: Reader, config: WebhookConfiguration, hook: Hook): readonly Found[] {
  const { namespace = '', name = '', port = 443 } = hook.service ?? {};
  const key = objectKey(namespace, name);
  const what = fault(read, key, port);
  if (what === null) return [];
  const strict = hook.failurePolicy !== 'Ignore';
  const subject = configRef(config);
  const service = refOf('services', namespace, name, object(read, 'services', key)?.uid);
  const found = draft({
    code: 'controller-admission-webhook-down',
    severity: strict ? 'degraded' : 'info',
    hop: 'controller',
    subject,
    discriminator: hook.name,
    cause: controllerFault(read, key),
    related: [service],
    title: strict
      ? `Changes of Ingresses are refused: webhook ${hook.name} does not answer`
      : `Ingresses are stored unjudged: webhook ${hook.name} does not answer`,
    detail: `its Service ${key} ${what}; failurePolicy is ${strict ? 'Fail' : 'Ignore'}; traffic is not concerned`,
    evidence: [
      evidence(subject, `webhooks[${hook.name}].clientConfig.service`, `${key}:${port}`),
      evidence(service, 'endpoints', what),
    ],
    fix: {
      summary:
        'Bring the controller back that answers the webhook, or delete the webhook that nobody answers any more.',
      look: [
        sh`kubectl -n ${namespace} get service,endpointslices,pods`,
        sh`kubectl -n ${namespace} get validatingwebhookconfiguration ${config.name} -o yaml`,
      ],
      managedBy: managedBy(config),
    },
    holdMs: what === 'does not exist' ? 0 : OBJECT_HOLD_MS,
  });
  return [{ draft: found }];
}

/** Null: it answers as far as can be seen. */
function fault(read: Reader, key: string, port: number): string | null {
  const health = read.query(serviceHealth, key);
  if (health.state === 'missing') return 'does not exist';
  if (health.state === 'unknown' || health.externalName !== '' || health.ports.length === 0) return null;
  const own = health.ports.find((entry) => entry.port === port);
  if (!own) return `has no port ${port}`;
  return own.status === 'broken' ? 'has no ready endpoint' : null;
}

/** What ails the controller behind the webhook's Service, where that is known. */
function controllerFault(read: Reader, key: string): string | null {
  const service = object(read, 'services', key);
  const selector = service?.selector;
  if (!selector) return null;
  for (const { id, namespace, workload } of read.query(controllers, '')) {
    if (!workload || namespace !== service.namespace) continue;
    const labels = planeWorkload(read, { ...workload, namespace })?.templateLabels;
    if (!labels || !matchesLabels(selector, labels)) continue;
    const [first] = read.query(controllerHealth, id).drafts;
    if (first && first.hop === 'controller') return first.id;
  }
  return null;
}

/** cert-manager's injector and the chart's job fill it in within minutes. */
function caMissing(read: Reader, config: WebhookConfiguration, hook: Hook): readonly Found[] {
  if (hook.hasCaBundle || (config.created !== null && !read.reached(config.created + CLOUD_HOLD_MS)))
    return [];
  const { namespace = '', name = '' } = hook.service ?? {};
  // Where its Service is gone nobody asks for a certificate.
  if (read.query(serviceHealth, objectKey(namespace, name)).state !== 'exists') return [];
  const strict = hook.failurePolicy !== 'Ignore';
  const subject = configRef(config);
  const injector = Object.keys(config.annotations).find((key) => key.startsWith('cert-manager.io/inject-'));
  const found = draft({
    code: 'controller-admission-ca-stale',
    severity: strict ? 'degraded' : 'info',
    hop: 'controller',
    subject,
    discriminator: hook.name,
    title: `Webhook ${hook.name} cannot be trusted by the API server: its caBundle is empty`,
    detail: `the API server does not know who signs the certificate of ${namespace}/${name}: ${strict ? 'changes of Ingresses are refused' : 'Ingresses are stored unjudged'}`,
    evidence: [evidence(subject, `webhooks[${hook.name}].clientConfig.caBundle`, 'empty', config.created)],
    fix: {
      summary: injector
        ? 'See why cert-manager’s injector does not fill it in.'
        : 'Run the job again that makes the certificate and writes it here (certgen).',
      look: [
        sh`kubectl -n ${namespace} get jobs,pods`,
        sh`kubectl -n ${namespace} get validatingwebhookconfiguration ${config.name} -o yaml`,
      ],
      managedBy: managedBy(config),
    },
    startedAt: config.created,
  });
  return [{ draft: found }];
}

function configRef(config: WebhookConfiguration) {
  return refOf('validatingwebhookconfigurations', '', config.name, config.uid);
}
