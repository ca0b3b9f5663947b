import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Workload } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { recogniseWorkload } from './registry';

const folder = fileURLToPath(new URL('./fixtures/', import.meta.url));
const kinds = { Deployment: 'deployments', DaemonSet: 'daemonsets', StatefulSet: 'statefulsets' } as const;

interface RawManifest {
  readonly kind: string;
}

function workloadsOf(file: string): Workload[] {
  const documents = parseAllDocuments(readFileSync(folder + file, 'utf8')).map(
    (document) => document.toJS() as RawManifest | null,
  );
  return documents.flatMap((raw): Workload[] => {
    const kind = raw && raw.kind in kinds ? kinds[raw.kind as keyof typeof kinds] : null;
    const projected = kind ? project(kind, raw, new Interner()) : null;
    return projected ? [projected] : [];
  });
}

function recognisedIn(file: string) {
  return workloadsOf(file).flatMap((workload) => {
    const found = recogniseWorkload(workload);
    return found ? [found] : [];
  });
}

describe('real manifests', () => {
  test('ingress-nginx for clouds publishes its Service', () => {
    expect(recognisedIn('ingress-nginx-cloud.yaml')).toMatchObject([
      {
        type: 'ingress-nginx',
        role: 'both',
        version: '1.15.1',
        controllerValues: ['k8s.io/ingress-nginx'],
        ingressClass: 'nginx',
        watchWithoutClass: false,
        watchNamespaces: null,
        publishService: 'ingress-nginx/ingress-nginx-controller',
        predatesV1: false,
        retired: true,
        confidence: 'certain',
        unreadable: [],
      },
    ]);
  });

  test('ingress-nginx on bare metal publishes none', () => {
    expect(recognisedIn('ingress-nginx-baremetal.yaml')).toMatchObject([
      { type: 'ingress-nginx', publishService: null },
    ]);
  });

  test('F5 with single-dash flags', () => {
    expect(recognisedIn('f5-nginx.yaml')).toMatchObject([
      {
        type: 'f5-nginx',
        role: 'both',
        version: '5.5.4',
        controllerValues: ['nginx.org/ingress-controller'],
        ingressClass: 'nginx',
        publishService: 'nginx-ingress/nginx-ingress',
        confidence: 'certain',
      },
    ]);
  });

  test('Contour is a control plane and Envoys as data plane', () => {
    expect(recognisedIn('contour.yaml')).toMatchObject([
      {
        type: 'contour',
        role: 'control',
        name: 'contour',
        version: '',
        publishService: 'projectcontour/envoy',
        watchWithoutClass: true,
      },
      { type: 'contour', role: 'data', name: 'envoy' },
    ]);
  });

  test('HAProxy Technologies without tag', () => {
    expect(recognisedIn('haproxy-haproxytech.yaml')).toMatchObject([
      {
        type: 'haproxytech',
        version: '',
        controllerValues: ['haproxy.org/ingress-controller'],
        watchWithoutClass: true,
      },
    ]);
  });

  test('haproxy-ingress, and not its default backend', () => {
    expect(recognisedIn('haproxy-jcmoraisjr.yaml')).toMatchObject([
      { type: 'haproxy-ingress', name: 'haproxy-ingress', ingressClass: 'haproxy', watchWithoutClass: false },
    ]);
  });

  test('who is a controller, and nobody else', () => {
    // What stands beside them and looks alike: the jobs of webhooks, default backends, Envoys as sidecars, applications of nginx.
    const found = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((file) => [
        file,
        workloadsOf(file).length,
        recognisedIn(file).map(({ type, role, name }) => `${type} ${role} ${name}`),
      ]);
    expect(found).toEqual([
      ['bookinfo-gateway-api.yaml', 0, []],
      ['bookinfo-ingress.yaml', 0, []],
      ['bookinfo-istio-gateway.yaml', 0, []],
      ['bookinfo.yaml', 6, []],
      ['contour.yaml', 2, ['contour control contour', 'contour data envoy']],
      ['f5-cafe.yaml', 2, []],
      ['f5-nginx.yaml', 1, ['f5-nginx both nginx-ingress']],
      ['gce-frontend-ingress.yaml', 0, []],
      ['guestbook.yaml', 3, []],
      ['haproxy-haproxytech.yaml', 1, ['haproxytech both haproxy-kubernetes-ingress']],
      ['haproxy-jcmoraisjr.yaml', 2, ['haproxy-ingress both haproxy-ingress']],
      ['ingress-nginx-baremetal.yaml', 1, ['ingress-nginx both ingress-nginx-controller']],
      ['ingress-nginx-cloud.yaml', 1, ['ingress-nginx both ingress-nginx-controller']],
      ['ingress-nginx-http-svc.yaml', 1, []],
      ['online-boutique.yaml', 12, []],
    ]);
  });

  test('every fixture is named in the README', () => {
    const readme = readFileSync(`${folder}README.md`, 'utf8');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
      expect(readme).toContain(`\`${file}\``);
  });
});
