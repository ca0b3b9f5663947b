import { gateOf } from '@/lib/diagnosis/access-gates';
import { type AdminEndpoint, adminEndpoint, hasAdminSign } from '@/lib/diagnosis/admin-products';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { controllerFacts, settingsOf } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { podsOf } from '@/lib/diagnosis/port-context';
import { ingressReach } from '@/lib/diagnosis/reach';
import { listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { serviceEndpoints } from '@/lib/topology/endpoints';
import { addressOf, type Rule } from '@/lib/topology/rules';

const FEW_PODS = 3;

/** A gate for every Ingress in the controller's ConfigMap; unknown counts as one. Other controllers' gates are CRDs: silent. */
function gatedByController(read: Reader, { controller }: IngressUnit): boolean {
  const facts = controller?.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  const settings = facts && settingsOf(read, facts, 'configmap');
  if (!settings) return true;
  return [
    'whitelist-source-range',
    'global-auth-url',
    'denylist-source-range',
    'http-snippet',
    'server-snippet',
    'location-snippet',
    'main-snippet',
  ].some((key) => settings.data[key] !== undefined && settings.data[key] !== 'false');
}

function endpointOf(read: Reader, rule: Rule): AdminEndpoint | null {
  if (rule.service === null) return null;
  const service = splitKey(rule.service).name;
  const signs = { host: rule.host, path: rule.path, service, images: [] };
  if (!hasAdminSign(signs)) return null;
  // Pods are looked at only where one sign is there already, and another is needed.
  const early = adminEndpoint(signs);
  if (early) return early;
  const endpoints = read.query(serviceEndpoints, rule.service).endpoints.slice(0, FEW_PODS);
  const images = podsOf(read, endpoints).flatMap(({ containers }) => containers.map(({ image }) => image));
  return adminEndpoint({ ...signs, images });
}

/** `admin-endpoint-unrestricted`: two signs tell a console of administration, and nothing limits who reaches it. */
export function adminUnrestricted(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, rules, controller } = unit;
  if (gateOf(ingress) !== null) return [];
  const found = rules.flatMap((rule) => {
    const endpoint = endpointOf(read, rule);
    return endpoint ? [{ rule, endpoint }] : [];
  });
  const lead = found.find(({ endpoint }) => !endpoint.login) ?? found[0];
  if (!lead || gatedByController(read, unit)) return [];
  if (ingressReach(read, ingress, controller).reach !== 'public') return [];
  const { rule, endpoint } = lead;
  const ref = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  return [
    risk({
      code: 'admin-endpoint-unrestricted',
      severity: endpoint.login ? 'info' : 'warning',
      hop: 'security',
      subject: ref,
      title: endpoint.login
        ? `${addressOf(rule)} shows ${endpoint.what} to everybody; its own login is the only gate`
        : `${addressOf(rule)} gives ${endpoint.what} to everybody`,
      detail: `${listed(found.map((entry) => `${addressOf(entry.rule)} leads to ${entry.endpoint.what} (${entry.endpoint.signs.join(', ')})`))}; no allow-list, external authentication, password or client certificate is asked for`,
      evidence: [
        evidence(ref, 'spec.rules', addressOf(rule)),
        evidence(ref, 'metadata.annotations', 'no gate'),
      ],
      fix: {
        summary:
          'Let only your networks in (whitelist-source-range), or ask who comes (auth-url to an identity provider); or take the rule away.',
        look: [sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
        managedBy: managedBy(ingress),
      },
    }),
  ];
}
