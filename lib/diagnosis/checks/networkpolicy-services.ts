/** `networkpolicy-blocks-webhook` and `networkpolicy-blocks-dns`: what a controller needs beside its users and backends. */
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { OUTSIDE } from '@/lib/diagnosis/policy-door';
import type { Blocked } from '@/lib/diagnosis/policy-reach';
import { type Weight, weightOf } from '@/lib/diagnosis/policy-weight';
import { allowCommand, policiesDo, policyEvidence, policyRef } from '@/lib/diagnosis/policy-words';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { admits, releases } from '@/lib/topology/network-policy/verdict';
import { backendEnds, controllerEnds, namespacePolicies } from '@/lib/topology/policy-ends';
import { known, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** A way that matters for new configuration or for looking up names: less than an outage where policies hold. */
function lesser(weight: Weight | null): Weight | null {
  return weight && { ...weight, severity: weight.certain ? 'degraded' : 'warning' };
}

interface Hook {
  readonly configuration: string;
  readonly failurePolicy: string;
  readonly service: Service;
  readonly portName: string;
  readonly protocol: string;
}

/** Admission webhooks for Ingresses that the controller's own pods answer. */
function hooksOf(read: Reader, { controller }: ControllerUnit): readonly Hook[] {
  const workload =
    controller.workload && planeWorkload(read, { ...controller.workload, namespace: controller.namespace });
  if (!workload) return [];
  return members(read, 'webhooks-of-namespace', controller.namespace).flatMap((key) => {
    const configuration = object(read, 'validatingwebhookconfigurations', key);
    return (configuration?.hooks ?? []).flatMap((hook): Hook[] => {
      const called = hook.service?.namespace === controller.namespace ? hook.service : null;
      const service = called ? object(read, 'services', objectKey(called.namespace, called.name)) : undefined;
      const port = service?.ports.find((one) => one.port === called?.port);
      const own = service?.selector && matchesLabels(service.selector, workload.templateLabels);
      if (!service || !port || !own || !hook.resources.some((one) => one.endsWith('/ingresses'))) return [];
      const { name, protocol } = port;
      return [
        {
          configuration: configuration?.name ?? '',
          failurePolicy: hook.failurePolicy,
          service,
          portName: name,
          protocol,
        },
      ];
    });
  });
}

/** Where the API server calls from differs from cluster to cluster: only a port that no rule names at all is closed for certain. */
export function networkPolicyToWebhook(read: Reader, unit: ControllerUnit): readonly Found[] {
  if (!known(read, 'networkpolicies').known || !known(read, 'pods').known) return [];
  const policies = read.query(namespacePolicies, unit.controller.namespace);
  if (!policies.some((policy) => policy.isolatesIngress)) return [];
  return hooksOf(read, unit).flatMap((hook) => {
    const { namespace, name } = hook.service;
    const ends = backendEnds(read, objectKey(namespace, name), { name: hook.portName });
    const verdicts = ends.map((to) => ({
      to,
      verdict: admits(policies, OUTSIDE.end, { to: to.end, port: to.port, protocol: hook.protocol }),
    }));
    const first = verdicts[0];
    const shut = verdicts.every(
      ({ verdict }) => verdict.state === 'blocked' && !verdict.rules.some((rule) => rule.ports),
    );
    if (!first || !shut || first.verdict.state !== 'blocked') return [];
    return webhookFound(read, unit, hook, first.verdict, first.to.port);
  });
}

function webhookFound(
  read: Reader,
  { controller }: ControllerUnit,
  hook: Hook,
  verdict: Blocked,
  port: number | null,
): readonly Found[] {
  const weight = lesser(weightOf(read, verdict.policies, 'ingress'));
  if (!weight) return [];
  const { service, configuration, failurePolicy } = hook;
  const fails = failurePolicy !== 'Ignore';
  const subject = refOf('validatingwebhookconfigurations', '', configuration);
  const policy = verdict.policies[0];
  const found = draft({
    code: 'networkpolicy-blocks-webhook',
    severity: fails ? weight.severity : 'warning',
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    discriminator: `${service.namespace}/${service.name}`,
    holdMs: OBJECT_HOLD_MS,
    related: [
      refOf('services', service.namespace, service.name, service.uid),
      ...verdict.policies.slice(0, 10).map(policyRef),
    ],
    title: `NetworkPolicies ${weight.certain ? '' : 'would '}keep the API server from the admission webhook of ${controller.name}`,
    detail: `${policiesDo(verdict.policies, 'let')} nobody in on port ${port ?? hook.portName}, where webhook ${configuration} is answered${fails ? ': Ingresses can neither be made nor changed' : ': Ingresses are taken unchecked'}; ${weight.words}`,
    evidence: policyEvidence(verdict.policies, 'ingress'),
    fix: {
      summary: `Allow port ${port ?? hook.portName} from the control plane; its address is often that of a node, so a rule without peers is the safe one.`,
      look: [sh`kubectl -n ${service.namespace} get networkpolicies`],
      change:
        port !== null && service.selector
          ? [
              allowCommand({
                namespace: service.namespace,
                name: `allow-webhook-to-${controller.name}`,
                direction: 'ingress',
                pods: service.selector,
                peers: [],
                ports: [{ protocol: hook.protocol, port }],
              }),
            ]
          : [],
      managedBy: policy ? managedBy(policy) : null,
    },
  });
  return [{ draft: found }];
}

const DNS = { namespace: 'kube-system', name: 'kube-dns' };

/** Whether a cache on each node answers in place of kube-dns, or may. */
function hasNodeCache(read: Reader): boolean {
  if (!known(read, 'daemonsets').known) return true;
  return object(read, 'daemonsets', objectKey(DNS.namespace, 'node-local-dns')) !== undefined;
}

/** Egress of the controller's pods to kube-dns by UDP. */
export function networkPolicyToDns(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  if (!known(read, 'networkpolicies').known || !known(read, 'pods').known) return [];
  const homes = [...new Set(controller.dataPlane.map(({ namespace }) => namespace))];
  const policies = homes
    .flatMap((home) => read.query(namespacePolicies, home))
    .filter((policy) => policy.isolatesEgress);
  const service = object(read, 'services', objectKey(DNS.namespace, DNS.name));
  const port = service?.ports.find((one) => one.port === 53 && one.protocol === 'UDP');
  if (policies.length === 0 || !port || hasNodeCache(read)) return [];
  const targets = backendEnds(read, objectKey(DNS.namespace, DNS.name), port);
  const verdicts = read
    .query(controllerEnds, id)
    .flatMap((from) =>
      targets.map((to) => releases(policies, from.end, { to: to.end, port: to.port, protocol: 'UDP' })),
    );
  const first = verdicts[0];
  const shut = first?.state === 'blocked' && verdicts.every((verdict) => verdict.state === 'blocked');
  return shut ? dnsFound(read, { id, controller }, first, targets[0]?.port ?? 53) : [];
}

function dnsFound(
  read: Reader,
  { controller }: ControllerUnit,
  { policies }: Blocked,
  port: number,
): readonly Found[] {
  const weight = lesser(weightOf(read, policies, 'egress'));
  const plane = controller.dataPlane[0];
  if (!weight || !plane) return [];
  const subject = workloadRef(read, plane.namespace, plane);
  const own = planeWorkload(read, plane)?.selector.matchLabels ?? {};
  const found = draft({
    code: 'networkpolicy-blocks-dns',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    holdMs: OBJECT_HOLD_MS,
    related: policies.slice(0, 10).map(policyRef),
    title: `NetworkPolicies ${weight.certain ? '' : 'would '}keep ${controller.name} from looking up names`,
    detail: `${policiesDo(policies, 'keep')} its pods from kube-dns on UDP ${port}: names of ExternalName Services and of outside authentication cannot be resolved; ${weight.words}`,
    evidence: policyEvidence(policies, 'egress'),
    fix: {
      summary: 'Allow UDP and TCP 53 to kube-dns beside the other egress rules.',
      look: [sh`kubectl -n ${subject.namespace} get networkpolicies`],
      change:
        Object.keys(own).length > 0
          ? [
              allowCommand({
                namespace: subject.namespace,
                name: `allow-dns-from-${subject.name}`,
                direction: 'egress',
                pods: own,
                peers: [{ namespace: DNS.namespace, pods: {} }],
                ports: [
                  { protocol: 'UDP', port },
                  { protocol: 'TCP', port },
                ],
              }),
            ]
          : [],
      managedBy: policies[0] ? managedBy(policies[0]) : null,
    },
  });
  return [{ draft: found }];
}
