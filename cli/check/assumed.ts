/*
 * A folder of applications seldom holds the controller that serves them. Where what it says fits ingress-nginx (its
 * class, or none), one is put beside it, so that everything behind it can be judged; nothing is said of that one itself.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recogniseWorkload } from '@/lib/controllers/registry';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { record, text } from '@/lib/kube/project/raw';
import type { Finding } from '@/lib/topology/model';
import type { LoadedObject } from '@/sandbox/load/documents';

const CONTROLLER = join(import.meta.dirname, '../../sandbox/scenarios/parts/ingress-nginx.yaml');
const NAMESPACE = 'ingress-nginx';
const DEFAULT = 'assumed-default';
const WORKLOADS: Readonly<Record<string, 'deployments' | 'statefulsets' | 'daemonsets'>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};

export interface Assumed {
  /** Manifests to run beside those that are checked. */
  readonly paths: readonly string[];
  readonly note: string;
  /** Whether a finding is about what was put beside. */
  readonly isAbout: (finding: Finding) => boolean;
  readonly dispose: () => void;
}

/** Whether some manifest is a controller, or names one by a class. */
export function hasController(documents: readonly LoadedObject[]): boolean {
  const interner = new Interner();
  return documents.some(({ object }) => {
    if (object.kind === 'IngressClass') return true;
    const resource = WORKLOADS[object.kind];
    const workload = resource && project(resource, object, interner);
    return workload ? recogniseWorkload(workload) !== null : false;
  });
}

function classOf({ object }: LoadedObject): string {
  const annotation = record(object.metadata.annotations)['kubernetes.io/ingress.class'];
  return text(record(object.spec).ingressClassName) || text(annotation);
}

/** The controller to assume; null where there is one, none is needed, or another product is meant. */
export function assumedController(documents: readonly LoadedObject[]): Assumed | null {
  const ingresses = documents.filter(({ object }) => object.kind === 'Ingress');
  if (ingresses.length === 0 || hasController(documents)) return null;
  const names = new Set(ingresses.map(classOf));
  if ([...names].some((name) => name !== '' && !/nginx/i.test(name))) return null;
  const classes = [...names].map((name) => name || DEFAULT).filter((name) => name !== 'nginx');
  const folder = mkdtempSync(join(tmpdir(), 'ingress-atlas-check-'));
  const file = join(folder, 'classes.yaml');
  writeFileSync(file, classes.map(ingressClass).join('\n---\n'));
  const own = new Set(documents.map(({ object }) => object.metadata.namespace));
  return {
    paths: classes.length > 0 ? [CONTROLLER, file] : [CONTROLLER],
    note: 'no controller is among the manifests: judged as ingress-nginx would serve them',
    isAbout: ({ subject }) =>
      (subject.namespace === NAMESPACE && !own.has(NAMESPACE)) ||
      subject.kind === 'IngressClass' ||
      (subject.kind === 'Namespace' && subject.name === NAMESPACE),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function ingressClass(name: string): string {
  return JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: {
      name,
      ...(name === DEFAULT ? { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } } : {}),
    },
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
}
