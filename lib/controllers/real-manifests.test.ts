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

  test('applications are no controllers', () => {
    for (const file of [
      'bookinfo.yaml',
      'guestbook.yaml',
      'online-boutique.yaml',
      'f5-cafe.yaml',
      'ingress-nginx-http-svc.yaml',
    ]) {
      expect(workloadsOf(file).length, file).toBeGreaterThan(0);
      expect(recognisedIn(file), file).toEqual([]);
    }
  });

  test('every fixture is named in the README', () => {
    const readme = readFileSync(`${folder}README.md`, 'utf8');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
      expect(readme).toContain(`\`${file}\``);
  });
});
