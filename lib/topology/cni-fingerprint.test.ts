import { describe, expect, it } from 'vitest';
import { Interner } from '@/lib/kube/project/interner';
import { project } from '@/lib/kube/project/project';
import { cniOf } from './cni-fingerprint';

const interner = new Interner();

function daemonSet(name: string, images: readonly string[], args: readonly string[] = [], desired = 3) {
  const raw = {
    kind: 'DaemonSet',
    metadata: { name, namespace: 'kube-system' },
    spec: { template: { spec: { containers: images.map((image, i) => ({ name: `c${i}`, image, args })) } } },
    status: { desiredNumberScheduled: desired },
  };
  const workload = project('daemonsets', raw, interner);
  if (!workload) throw new Error(name);
  return workload;
}

describe('the network plugin', () => {
  it.each([
    ['calico-node', ['quay.io/calico/node:v3.30.0'], 'Calico', true],
    ['node', ['registry.example.com/mirrors/calico/node@sha256:0'], 'Calico', true],
    ['rke2-canal', ['rancher/hardened-calico:v3.30', 'rancher/hardened-flannel:v0.26'], 'Canal', true],
    ['cilium', ['quay.io/cilium/cilium:v1.18.0'], 'Cilium', true],
    ['kube-router', ['docker.io/cloudnativelabs/kube-router'], 'kube-router', true],
    ['weave-net', ['weaveworks/weave-kube:2.8.1', 'weaveworks/weave-npc:2.8.1'], 'Weave Net', true],
    ['antrea-agent', ['antrea/antrea-agent-ubuntu:v2.3.0'], 'Antrea', true],
    ['azure-npm', ['mcr.microsoft.com/containernetworking/azure-npm:v1.5'], 'Azure NPM', true],
    ['kube-flannel-ds', ['ghcr.io/flannel-io/flannel:v0.26.0'], 'Flannel', false],
    ['kube-flannel', ['docker.io/flannel/flannel:v0.26.0'], 'Flannel', false],
    ['aws-node', ['x.amazonaws.com/amazon-k8s-cni:v1.20.0'], 'Amazon VPC CNI', null],
    ['anetd', ['gke.gcr.io/anet:1'], 'GKE Dataplane V2', null],
    ['kindnet', ['docker.io/kindest/kindnetd:v2025'], 'kindnet', null],
  ] as const)('%s is known', (name, images, wanted, enforces) => {
    expect(cniOf(daemonSet(name, images))).toEqual({ name: wanted, enforces });
  });

  it('is read with its switches', () => {
    expect(cniOf(daemonSet('kube-router', ['x'], ['--run-firewall=false']))?.enforces).toBe(false);
    expect(cniOf(daemonSet('aws-node', ['x'], ['--enable-network-policy=true']))?.enforces).toBe(true);
  });

  it('is no other DaemonSet, nor one that runs nowhere', () => {
    expect(cniOf(daemonSet('node-exporter', ['quay.io/prometheus/node-exporter:v1.9']))).toBeNull();
    expect(cniOf(daemonSet('agent', ['']))).toBeNull();
    expect(cniOf(daemonSet('calico-node', ['calico/node:v3'], [], 0))).toBeNull();
  });
});
