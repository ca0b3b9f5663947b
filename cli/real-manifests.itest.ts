import { existsSync } from 'node:fs';
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
  readonly traffic: readonly string[];
  readonly risk: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
}

/** Runs manifests as a cluster would, with DNS that follows the Ingresses, and lists all that is found. */
async function run({ files, beside = [] }: Case) {
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
    const all = [...graph.findings.values()];
    const found = (impact: string) =>
      all
        .filter((finding) => finding.impact === impact)
        .map((finding) => {
          const { subject, state, severity, settled, code } = finding;
          const word = state === 'open' ? severity : state;
          return `${word} ${code} ${subject.kind} ${subject.name}${settled ? '' : ' (not settled)'}`;
        })
        .sort();
    const rules = [...graph.nodes.values()]
      .filter((node) => node.kind === 'rule')
      .map((node) => [node.name, node.status] as const);
    return { traffic: found('traffic'), risk: found('risk'), rules: Object.fromEntries(rules) };
  } finally {
    await sandbox.close();
  }
}

const CASES: Readonly<Record<string, Case>> = {
  'nginx-cloud': { files: ['ingress-nginx-cloud.yaml', 'ingress-nginx-http-svc.yaml'], beside: ['http-svc.yaml'], traffic: [], risk: [], rules: {} },
  'nginx-bare': { files: ['ingress-nginx-baremetal.yaml', 'ingress-nginx-http-svc.yaml'], beside: ['http-svc.yaml'], traffic: [], risk: [], rules: {} },
  'f5': { files: ['f5-nginx.yaml', 'f5-cafe.yaml'], beside: ['cafe-secret.yaml'], traffic: [], risk: [], rules: {} },
  'f5-bare': { files: ['f5-nginx.yaml', 'f5-cafe.yaml'], beside: [], traffic: [], risk: [], rules: {} },
  'contour': { files: ['contour.yaml', 'guestbook.yaml'], beside: ['contour-guestbook.yaml'], traffic: [], risk: [], rules: {} },
  'haproxytech': { files: ['haproxy-haproxytech.yaml', 'online-boutique.yaml'], beside: ['haproxytech-boutique.yaml'], traffic: [], risk: [], rules: {} },
  'haproxy-i': { files: ['haproxy-jcmoraisjr.yaml', 'guestbook.yaml'], beside: ['haproxy-node.yaml'], traffic: [], risk: [], rules: {} },
  'haproxy-bare': { files: ['haproxy-jcmoraisjr.yaml'], beside: [], traffic: [], risk: [], rules: {} },
  'istio': { files: ['bookinfo.yaml', 'bookinfo-ingress.yaml'], beside: ['istio.yaml'], traffic: [], risk: [], rules: {} },
  'bookinfo alone': { files: ['bookinfo.yaml', 'bookinfo-ingress.yaml'], traffic: [], risk: [], rules: {} },
  'bookinfo gateways': { files: ['bookinfo.yaml', 'bookinfo-gateway-api.yaml', 'bookinfo-istio-gateway.yaml'], beside: ['istio.yaml'], traffic: [], risk: [], rules: {} },
  'gke': { files: ['online-boutique.yaml', 'gce-frontend-ingress.yaml'], beside: ['gke.yaml'], traffic: [], risk: [], rules: {} },
  'gke bare': { files: ['online-boutique.yaml', 'gce-frontend-ingress.yaml'], beside: [], traffic: [], risk: [], rules: {} },
  'guestbook': { files: ['guestbook.yaml'], beside: [], traffic: [], risk: [], rules: {} },
};

describe('real manifests, run as a cluster would run them', () => {
  for (const [name, set] of Object.entries(CASES))
    it(name, async () => {
      for (const file of set.files) expect(existsSync(join(FIXTURES, file)), file).toBe(true);
      const { traffic, risk, rules } = set;
      expect(await run(set)).toEqual({ traffic, risk, rules });
    });
});
