/* All simulated controllers of the sandbox cluster. */
import type { Cluster } from './cluster';
import { daemonSetController } from './daemon-set';
import { deploymentController } from './deployment';
import { endpointSliceController } from './endpoint-slice';
import { ingressStatusController } from './ingress-status';
import { jobController } from './job';
import { loadBalancerController } from './load-balancer';
import { namespaceController } from './namespace';
import { kubelet } from './pod-kubelet';
import { podScheduler } from './pod-scheduler';
import { replicaSetController } from './replica-set';
import { statefulSetController } from './stateful-set';

const CONTROLLERS = [
  namespaceController,
  deploymentController,
  replicaSetController,
  statefulSetController,
  daemonSetController,
  jobController,
  podScheduler,
  kubelet,
  endpointSliceController,
  loadBalancerController,
  ingressStatusController,
];

/** Starts every controller on this cluster; the returned function stops them. */
export function startControllers(cluster: Cluster): () => void {
  cluster.start(CONTROLLERS);
  return () => cluster.close();
}
