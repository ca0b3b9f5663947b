import type { Found, ServiceUnit } from '@/lib/diagnosis/check';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import {
  byNamespace,
  controllersSeen,
  counted,
  listed,
  namespaceRef,
  refsOf,
  risk,
} from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { serviceEndpoints } from '@/lib/topology/endpoints';
import { controllerServices } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';

function nodeAddresses(read: Reader): ReadonlySet<string> {
  const found = members(read, 'nodes-all', '').flatMap((key) => object(read, 'nodes', key)?.addresses ?? []);
  return new Set(found.map(({ address }) => address));
}

/**
 * `service-external-ips`, one for each namespace: whoever may write a Service can take any address (CVE-2020-8554). Addresses
 * of nodes, and a controller's own Service, are how bare metal does it: a hint only, or none.
 */
export function externalIps(read: Reader): readonly Found[] {
  const own = read.query(controllerServices, '');
  const keys = members(read, 'services-with-external-ips', '').filter((key) => !own.includes(key));
  if (keys.length === 0 || !controllersSeen(read)) return [];
  const nodes = known(read, 'nodes').known ? nodeAddresses(read) : null;
  return byNamespace(keys).map(([namespace, list]) => {
    const services = list.flatMap((key) => object(read, 'services', key) ?? []);
    const foreign = services.filter(({ externalIPs }) =>
      externalIPs.some((ip) => nodes !== null && !nodes.has(ip)),
    );
    const named = foreign.length > 0 ? foreign : services;
    const names = listed(named.map(({ name, externalIPs }) => `${name} (${externalIPs.join(', ')})`));
    return risk({
      code: 'service-external-ips',
      severity: foreign.length > 0 ? 'warning' : 'info',
      hop: 'security',
      subject: namespaceRef(read, namespace),
      related: refsOf(
        read,
        'services',
        named.map((service) => objectKey(service.namespace, service.name)),
      ),
      title: `${counted(named.length, 'Service', 'Services')} in namespace ${namespace} ${named.length === 1 ? 'takes' : 'take'} addresses by externalIPs`,
      detail: `${names}: the cluster sends to it what goes to that address from any pod, whosever it is (CVE-2020-8554)${foreign.length > 0 ? '' : nodes === null ? '; whether they are addresses of nodes is not known' : '; here they are addresses of nodes, as on bare metal'}`,
      evidence: named
        .slice(0, 3)
        .map((service) =>
          evidence(
            refOf('services', namespace, service.name, service.uid),
            'spec.externalIPs',
            service.externalIPs,
          ),
        ),
      fix: {
        summary:
          'Use type LoadBalancer (MetalLB on bare metal), and deny externalIPs by admission (DenyServiceExternalIPs).',
        look: [sh`kubectl -n ${namespace} get services -o wide`],
        managedBy: named[0] ? managedBy(named[0]) : null,
      },
    });
  });
}

/** Addresses that hand out a node's credentials (IMDS of AWS, GCP, Azure, Alibaba), and the API server by name. */
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '169.254.170.2']);
const METADATA_NAMES = /^(metadata\.google\.internal|metadata\.goog|instance-data(\.ec2\.internal)?)$/;
const API_NAMES = /^kubernetes(\.default(\.svc(\.[a-z0-9.-]+)?)?)?$/;

function forbidden(read: Reader, key: string, service: Service): readonly [string, string] | null {
  if (service.type === 'ExternalName') {
    const name = service.externalName.toLowerCase().replace(/\.$/, '');
    // A bare "kubernetes" is a name of the Service's own search path, not of the API server.
    const isApi = API_NAMES.test(name) && name.includes('.');
    return METADATA.has(name) || METADATA_NAMES.test(name) || isApi
      ? ['spec.externalName', service.externalName]
      : null;
  }
  if (service.selector !== null) return null;
  const { endpoints } = read.query(serviceEndpoints, key);
  const found = endpoints.find(({ address, pod }) => pod === null && METADATA.has(address));
  return found ? ['endpoints', found.address] : null;
}

/** `externalname-metadata-ssrf`: the way in leads to what hands out credentials, by name or by endpoints written by hand. */
export function metadataExposed(read: Reader, { key, service }: ServiceUnit): readonly Found[] {
  const found = forbidden(read, key, service);
  if (!found) return [];
  const [path, value] = found;
  const { namespace, name } = splitKey(key);
  const ref = refOf('services', namespace, name, service.uid);
  return [
    risk({
      code: 'externalname-metadata-ssrf',
      severity: 'broken',
      hop: 'security',
      subject: ref,
      title: `Service ${name} leads users to ${value}`,
      detail: `Service ${name} is reached from outside and stands for ${value}, which hands out credentials of nodes or is the cluster's API`,
      evidence: [evidence(ref, path, value)],
      fix: {
        summary:
          'Delete the Service, find out who made it and what was asked of it, and change the credentials of the nodes.',
        look: [
          sh`kubectl -n ${namespace} get service ${name} -o yaml`,
          sh`kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
        ],
        change: [sh`kubectl -n ${namespace} delete service ${name}`],
        managedBy: managedBy(service),
      },
    }),
  ];
}

/** `ingress-in-default-namespace`, once: nobody owns that namespace, and everybody may write there. */
export function inDefaultNamespace(read: Reader): readonly Found[] {
  const keys = members(read, 'ingresses-of-default-namespace', '');
  const [first] = keys;
  if (first === undefined) return [];
  const ref = namespaceRef(read, 'default');
  return [
    risk({
      code: 'ingress-in-default-namespace',
      severity: 'info',
      hop: 'security',
      subject: ref,
      related: refsOf(read, 'ingresses', keys),
      title: `${counted(keys.length, 'Ingress lies', 'Ingresses lie')} in the namespace default`,
      detail: `${listed(keys.map((key) => splitKey(key).name))}: rights, quotas and policies are given by namespace, and default belongs to nobody`,
      evidence: refsOf(read, 'ingresses', keys.slice(0, 3)).map((one) =>
        evidence(one, 'metadata.namespace', 'default'),
      ),
      fix: {
        summary:
          'Give the application a namespace of its own, and move the Ingress there with its Services and Secrets.',
        look: ['kubectl -n default get ingress'],
        managedBy: null,
      },
    }),
  ];
}
