import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '@/sandbox/start';
import { loadConfig } from '@/server/config';
import { examine } from './check/examine';

const FIXTURES = join(import.meta.dirname, '../lib/controllers/fixtures');
const BESIDE = join(import.meta.dirname, 'beside');

interface Case {
  readonly files: readonly string[];
  /** Of the folder `beside`: what else the cluster needs. */
  readonly beside?: readonly string[];
  /** Rule → status. */
  readonly rules: Readonly<Record<string, string>>;
  /** All findings of each impact, as `severity code kind name`; in place of the severity the state where it is not open. */
  readonly traffic: readonly string[];
  readonly risk: readonly string[];
}

/** Why a person would agree with what is found in manifests that thousands have applied as they are. */
const WHY: Readonly<Record<string, string>> = {
  'controller-exposed-by-hostport': 'The DaemonSet asks for hostNetwork, so its ports are open on the node.',
  'controller-image-unpinned': 'The image has no tag, so every restart may bring another version.',
  'controller-internal-port-public':
    'The Service of type NodePort opens the statistics on 1024 beside 80 and 443.',
  'controller-missing':
    'Nothing in these files serves the Ingress; on GKE that is unknown until it has marked it.',
  'controller-no-pdb': 'Two replicas, and a drain may take both.',
  'controller-no-probes': 'Readiness is missing altogether (warning), or liveness beside it (info).',
  'controller-no-resources': 'No requests at all (warning), or no limit of memory (info).',
  'controller-privileged': 'It runs in the network of its node.',
  'controller-scaled-to-zero':
    'No node has the label that the DaemonSet asks for; no Ingress needs it, so it is a note.',
  'controller-single-replica': 'One pod: every rollout or drain is an outage.',
  'ingress-class-legacy-annotation': 'Istio’s sample names its class by the annotation of before 1.18.',
  'ingress-in-default-namespace': 'The samples name no namespace, so they land in “default”.',
  'networkpolicy-missing': 'No NetworkPolicy is among the samples.',
  'nginx-core-cve': 'The nginx in 1.15.1 has known holes, and nobody mends them there.',
  'nginx-eol': 'ingress-nginx is retired since March 2026.',
  'no-waf': 'ModSecurity is off, and no proxy that filters is seen before it.',
  'nodeport-behind-ingress': 'The guestbook’s Service is of type NodePort, which leads past the controller.',
  'pod-no-readiness-probe': 'The sample’s containers have none.',
  'rbac-controller-secrets-clusterwide': 'The ClusterRole of the manifest lets it list all Secrets.',
  'tls-gce-managed-cert-inactive': 'ManagedCertificates are not read, so it is unknown, not missing.',
  'tls-no-automation': 'The certificate is a Secret made by hand, and nothing renews it.',
  'tls-secret-missing': 'F5 keeps the Secret in a file of its own; without it TLS for the host is rejected.',
  'workload-single-replica': 'The sample’s Deployments have one replica.',
};

/** Runs manifests as a cluster would, with DNS that follows the Ingresses, and lists all that is found. */
async function run({ files, beside = [] }: Case): Promise<Pick<Case, 'rules' | 'traffic' | 'risk'>> {
  const paths = [...files.map((file) => join(FIXTURES, file)), ...beside.map((file) => join(BESIDE, file))];
  const sandbox = await startSandbox({ paths, speed: 1000 });
  try {
    const config = loadConfig({
      KUBECONFIG: sandbox.kubeconfig,
      ATLAS_DNS_SERVERS: sandbox.dns.join(','),
      ATLAS_SECRETS: 'watch',
      LOG_LEVEL: 'silent',
    });
    const { graph } = await examine(config, false);
    const found = (impact: string): readonly string[] =>
      [...graph.findings.values()]
        .filter((finding) => finding.impact === impact)
        .map(({ subject, state, severity, settled, code }) => {
          const word = state === 'open' ? severity : state;
          return `${word} ${code} ${subject.kind} ${subject.name}${settled ? '' : ' (not settled)'}`;
        })
        .sort();
    const rules = [...graph.nodes.values()]
      .filter((node) => node.kind === 'rule')
      .map((node) => [node.name, node.status] as const);
    return { rules: Object.fromEntries(rules), traffic: found('traffic'), risk: found('risk') };
  } finally {
    await sandbox.close();
  }
}

const CASES: Readonly<Record<string, Case>> = {
  "ingress-nginx for clouds, before its guide's echo server": {
    files: ['ingress-nginx-cloud.yaml', 'ingress-nginx-http-svc.yaml'],
    beside: ['http-svc.yaml'],
    rules: { 'http-svc.example.com/': 'ok' },
    traffic: [],
    risk: [
      'info controller-no-resources Deployment ingress-nginx-controller',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info no-waf Deployment ingress-nginx-controller',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount ingress-nginx',
      'info tls-no-automation Namespace default',
      'info workload-single-replica Namespace default',
      'warning controller-single-replica Deployment ingress-nginx-controller',
      'warning nginx-core-cve Deployment ingress-nginx-controller',
      'warning nginx-eol Deployment ingress-nginx-controller',
    ],
  },
  "ingress-nginx on bare metal, before its guide's echo server": {
    files: ['ingress-nginx-baremetal.yaml', 'ingress-nginx-http-svc.yaml'],
    beside: ['http-svc.yaml'],
    rules: { 'http-svc.example.com/': 'ok' },
    traffic: [],
    risk: [
      'info controller-no-resources Deployment ingress-nginx-controller',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info no-waf Deployment ingress-nginx-controller',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount ingress-nginx',
      'info tls-no-automation Namespace default',
      'info workload-single-replica Namespace default',
      'warning controller-single-replica Deployment ingress-nginx-controller',
      'warning nginx-core-cve Deployment ingress-nginx-controller',
      'warning nginx-eol Deployment ingress-nginx-controller',
    ],
  },
  "F5's NGINX before its café": {
    files: ['f5-nginx.yaml', 'f5-cafe.yaml'],
    beside: ['cafe-secret.yaml'],
    rules: { 'cafe.example.com/coffee': 'ok', 'cafe.example.com/tea': 'ok' },
    traffic: [],
    risk: [
      'info controller-no-probes Deployment nginx-ingress',
      'info controller-no-resources Deployment nginx-ingress',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount nginx-ingress',
      'info tls-no-automation Namespace default',
      'warning controller-single-replica Deployment nginx-ingress',
    ],
  },
  "F5's café without its Secret": {
    files: ['f5-nginx.yaml', 'f5-cafe.yaml'],
    rules: { 'cafe.example.com/coffee': 'broken', 'cafe.example.com/tea': 'broken' },
    traffic: ['broken tls-secret-missing Secret tls-secret'],
    risk: [
      'info controller-no-probes Deployment nginx-ingress',
      'info controller-no-resources Deployment nginx-ingress',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount nginx-ingress',
      'warning controller-single-replica Deployment nginx-ingress',
    ],
  },
  'Contour before the guestbook': {
    files: ['contour.yaml', 'guestbook.yaml'],
    beside: ['contour-guestbook.yaml'],
    rules: { 'guestbook.example.com/': 'ok' },
    traffic: [],
    risk: [
      'info controller-no-probes DaemonSet envoy',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info nodeport-behind-ingress Namespace default',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount contour',
      'warning controller-no-resources DaemonSet envoy',
    ],
  },
  "HAProxy Technologies' controller before the online boutique": {
    files: ['haproxy-haproxytech.yaml', 'online-boutique.yaml'],
    beside: ['haproxytech-boutique.yaml'],
    rules: { 'boutique.example.com/': 'ok' },
    traffic: [],
    risk: [
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount haproxy-kubernetes-ingress',
      'info workload-single-replica Namespace default',
      'warning controller-image-unpinned Deployment haproxy-kubernetes-ingress',
      'warning controller-internal-port-public Service haproxy-kubernetes-ingress',
      'warning controller-no-probes Deployment haproxy-kubernetes-ingress',
      'warning controller-single-replica Deployment haproxy-kubernetes-ingress',
    ],
  },
  'haproxy-ingress before the guestbook': {
    files: ['haproxy-jcmoraisjr.yaml', 'guestbook.yaml'],
    beside: ['haproxy-node.yaml'],
    rules: { 'guestbook.example.com/': 'ok' },
    traffic: [],
    risk: [
      'info controller-exposed-by-hostport DaemonSet haproxy-ingress',
      'info controller-privileged DaemonSet haproxy-ingress',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info nodeport-behind-ingress Namespace default',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount ingress-controller',
      'warning controller-image-unpinned DaemonSet haproxy-ingress',
      'warning controller-no-probes DaemonSet haproxy-ingress',
      'warning controller-no-resources DaemonSet haproxy-ingress',
    ],
  },
  'haproxy-ingress alone, where no node has its label': {
    files: ['haproxy-jcmoraisjr.yaml'],
    rules: {},
    traffic: ['info controller-scaled-to-zero DaemonSet haproxy-ingress'],
    risk: [
      'info controller-exposed-by-hostport DaemonSet haproxy-ingress',
      'info rbac-controller-secrets-clusterwide ServiceAccount ingress-controller',
    ],
  },
  'Bookinfo behind Istio by its Ingress': {
    files: ['bookinfo.yaml', 'bookinfo-ingress.yaml'],
    beside: ['istio.yaml'],
    rules: {
      '*/api/v1/products': 'ok',
      '*/login': 'ok',
      '*/logout': 'ok',
      '*/productpage': 'ok',
      '*/static/': 'ok',
    },
    traffic: [],
    risk: [
      'info controller-no-pdb Deployment istio-ingressgateway',
      'info controller-no-probes Deployment istio-ingressgateway',
      'info ingress-class-legacy-annotation Ingress *',
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info pod-no-readiness-probe Namespace default',
      'info rbac-controller-secrets-clusterwide ServiceAccount istiod',
      'info workload-single-replica Namespace default',
    ],
  },
  'Bookinfo and its Ingress without Istio': {
    files: ['bookinfo.yaml', 'bookinfo-ingress.yaml'],
    rules: {
      '*/api/v1/products': 'broken',
      '*/login': 'broken',
      '*/logout': 'broken',
      '*/productpage': 'broken',
      '*/static/': 'broken',
    },
    traffic: ['broken controller-missing Cluster cluster'],
    risk: [
      'info ingress-class-legacy-annotation Ingress *',
      'info ingress-in-default-namespace Namespace default',
    ],
  },
  'Bookinfo behind Gateways, which are not Ingresses': {
    files: ['bookinfo.yaml', 'bookinfo-gateway-api.yaml', 'bookinfo-istio-gateway.yaml'],
    beside: ['istio.yaml'],
    rules: {},
    traffic: [],
    risk: [
      'info controller-no-pdb Deployment istio-ingressgateway',
      'info controller-no-probes Deployment istio-ingressgateway',
      'info rbac-controller-secrets-clusterwide ServiceAccount istiod',
    ],
  },
  "Google's online boutique on GKE": {
    files: ['online-boutique.yaml', 'gce-frontend-ingress.yaml'],
    beside: ['gke.yaml'],
    rules: { '* (default backend)': 'ok', '*/*': 'ok' },
    traffic: [],
    risk: [
      'info ingress-in-default-namespace Namespace default',
      'info networkpolicy-missing Namespace default',
      'info workload-single-replica Namespace default',
      'unknown tls-gce-managed-cert-inactive ManagedCertificate *',
    ],
  },
  'the same before GKE has marked the Ingress': {
    files: ['online-boutique.yaml', 'gce-frontend-ingress.yaml'],
    beside: ['gke-node.yaml'],
    rules: { '* (default backend)': 'unknown', '*/*': 'unknown' },
    traffic: ['unknown controller-missing Cluster cluster'],
    risk: ['info ingress-in-default-namespace Namespace default'],
  },
  'the same in a cluster that is not GKE': {
    files: ['online-boutique.yaml', 'gce-frontend-ingress.yaml'],
    rules: { '* (default backend)': 'broken', '*/*': 'broken' },
    traffic: ['broken controller-missing Cluster cluster'],
    risk: ['info ingress-in-default-namespace Namespace default'],
  },
  'the guestbook without Ingress': {
    files: ['guestbook.yaml'],
    rules: {},
    traffic: [],
    risk: [],
  },
};

describe('real manifests, run as a cluster would run them', () => {
  for (const [name, set] of Object.entries(CASES))
    it(name, async () => {
      const { rules, traffic, risk } = set;
      expect(await run(set)).toEqual({ rules, traffic, risk });
    });

  it('for every finding there is a reason why a person would agree', () => {
    const codes = Object.values(CASES).flatMap(({ traffic, risk }) =>
      [...traffic, ...risk].map((line) => line.split(' ')[1] ?? ''),
    );
    expect([...new Set(codes)].sort()).toEqual(Object.keys(WHY).sort());
  });
});
