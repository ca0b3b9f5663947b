import { describe, expect, it } from 'vitest';
import { neededRights } from '@/lib/controllers/needed-rights';
import { recogniseWorkload } from '@/lib/controllers/registry';
import type { PolicyGrant } from '@/lib/kube/access-objects';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { grants } from '@/lib/topology/access';

const interner = new Interner();

function deployment(image: string, args: readonly string[]) {
  const raw = {
    kind: 'Deployment',
    metadata: { name: 'controller', namespace: 'edge' },
    spec: { template: { spec: { containers: [{ name: 'c', image, args }] } } },
  };
  const workload = project('deployments', raw, interner);
  const recognised = workload && recogniseWorkload(workload);
  if (!workload || !recognised) throw new Error(image);
  return { workload, recognised };
}

const READ = ['get', 'list', 'watch'];
const grant = (groups: string, resources: string, verbs: readonly string[] = READ): PolicyGrant => ({
  verbs,
  groups: groups.split(' ').map((group) => (group === 'core' ? '' : group)),
  resources: resources.split(' '),
  names: [],
});

/** What each project's own role grants of what is asked here; a right that it does not grant must not be called missing. */
const SHIPPED: Readonly<Record<string, readonly [string, readonly string[], readonly PolicyGrant[]]>> = {
  traefik: [
    'docker.io/traefik:v3.5.0',
    ['--providers.kubernetesingress'],
    [
      grant('core', 'nodes services secrets'),
      grant('discovery.k8s.io', 'endpointslices', ['list', 'watch']),
      grant('extensions networking.k8s.io', 'ingressclasses ingresses'),
    ],
  ],
  'traefik before 3.1': [
    'docker.io/traefik:v2.11.0',
    ['--providers.kubernetesingress'],
    [grant('core', 'endpoints services secrets'), grant('networking.k8s.io', 'ingressclasses ingresses')],
  ],
  contour: [
    'ghcr.io/projectcontour/contour:v1.33.0',
    ['serve'],
    [grant('core', 'configmaps namespaces secrets services'), grant('networking.k8s.io', 'ingresses')],
  ],
  'f5-nginx': [
    'nginx/nginx-ingress:5.2.0',
    ['-ingress-class=nginx'],
    [
      grant('core', 'services secrets configmaps pods namespaces'),
      grant('discovery.k8s.io', 'endpointslices'),
      grant('networking.k8s.io', 'ingresses'),
    ],
  ],
  haproxytech: [
    'haproxytech/kubernetes-ingress:3.1',
    ['--configmap=edge/c'],
    [
      grant('core', 'configmaps endpoints nodes pods services namespaces secrets'),
      grant('extensions networking.k8s.io', 'ingresses ingressclasses'),
    ],
  ],
  kong: [
    'kong/kubernetes-ingress-controller:3.5',
    [],
    [
      grant('core', 'endpoints nodes secrets', ['list', 'watch']),
      grant('core', 'services pods'),
      grant('networking.k8s.io', 'ingresses ingressclasses'),
    ],
  ],
};

describe('what a controller needs', () => {
  it.each(Object.entries(SHIPPED))(
    '%s: is granted by the role that it ships with',
    (_name, [image, args, all]) => {
      const { workload, recognised } = deployment(image, args);
      const needed = neededRights(recognised, workload);
      const lacking = (needed ?? []).flatMap(({ verbs, group, resource }) =>
        verbs
          .filter((verb) => !all.some((one) => grants(one, verb, group, resource)))
          .map((verb) => `${verb} ${resource}`),
      );
      expect(needed?.length).toBeGreaterThan(2);
      expect(lacking).toEqual([]);
    },
  );

  it('is not known of every type', () => {
    const { workload, recognised } = deployment('public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0', []);
    expect(neededRights(recognised, workload)).toBeNull();
  });
});
