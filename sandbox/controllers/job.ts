/* Jobs run once and succeed; some leave what others wait for (see job-work.ts). */
import { type Cluster, type ControllerDefinition, own, ownerKey } from './cluster';
import { withCondition } from './conditions';
import { randomSuffix } from './hashing';
import { doWork } from './job-work';
import type { Condition, KubeObject, PodTemplate } from './shapes';
import { createPod, podsOf } from './workload-pods';

const RESOURCE = 'jobs.batch';
const COMPONENT = 'job-controller';

interface Job extends KubeObject {
  spec: { template: PodTemplate; completions?: number; suspend?: boolean };
  status?: { conditions?: Condition[]; [key: string]: unknown };
}

/** Runs each Job's pods one after the other until enough have succeeded. */
export const jobController: ControllerDefinition = {
  name: 'job',
  watches: { [RESOURCE]: own, pods: ownerKey('Job') },
  reconcile(cluster, namespace, name) {
    const job = cluster.get<Job>(RESOURCE, namespace, name);
    if (!job || job.metadata.deletionTimestamp || job.spec.suspend) return;
    const pods = podsOf(cluster, job);
    const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded');
    const active = pods.length - succeeded.length;
    const wanted = job.spec.completions ?? 1;
    if (active === 0 && succeeded.length < wanted && !isComplete(job)) startPod(cluster, job);
    for (const pod of succeeded) doWork(cluster, pod);
    writeStatus(cluster, namespace, name, { active, succeeded: succeeded.length, wanted });
  },
};

function isComplete(job: Job): boolean {
  return job.status?.conditions?.some((entry) => entry.type === 'Complete') ?? false;
}

function startPod(cluster: Cluster, job: Job): void {
  const generateName = `${job.metadata.name}-`;
  const labels = { 'job-name': job.metadata.name, 'batch.kubernetes.io/job-name': job.metadata.name };
  const name = generateName + randomSuffix();
  const kind = { owner: job, apiVersion: 'batch/v1', kind: 'Job', component: COMPONENT };
  createPod(cluster, { ...kind, name, generateName, labels });
}

interface Counts {
  readonly active: number;
  readonly succeeded: number;
  readonly wanted: number;
}

function writeStatus(cluster: Cluster, namespace: string, name: string, counts: Counts): void {
  const job = cluster.get<Job>(RESOURCE, namespace, name);
  if (!job || isComplete(job)) return;
  const time = cluster.scheduler.timestamp();
  const done = counts.succeeded >= counts.wanted;
  const complete: Condition = { type: 'Complete', status: 'True', reason: 'CompletionsReached' };
  job.status = {
    startTime: time,
    ...job.status,
    ...(counts.active > 0 ? { active: counts.active } : { active: undefined }),
    succeeded: counts.succeeded,
    ready: 0,
    ...(done
      ? { completionTime: time, conditions: withCondition(job.status?.conditions, complete, time) }
      : {}),
  };
  if (counts.active === 0) delete job.status.active;
  cluster.updateStatus(RESOURCE, job);
}
