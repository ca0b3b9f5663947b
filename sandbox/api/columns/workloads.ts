// The columns of workload kinds.
import { array, at, number, text } from '../json';
import type { Column } from '../types';
import { AGE, column, countColumn, NAME, NONE, pairs, since, TEMPLATE_COLUMNS } from './format';

export const DEPLOYMENT_COLUMNS: Column[] = [
  NAME,
  column('Ready', (o) => `${number(at(o, 'status', 'readyReplicas'))}/${number(at(o, 'spec', 'replicas'))}`),
  countColumn('Up-to-date', ['status', 'updatedReplicas']),
  countColumn('Available', ['status', 'availableReplicas']),
  AGE,
  ...TEMPLATE_COLUMNS,
];

export const REPLICA_SET_COLUMNS: Column[] = [
  NAME,
  countColumn('Desired', ['spec', 'replicas']),
  countColumn('Current', ['status', 'replicas']),
  countColumn('Ready', ['status', 'readyReplicas']),
  AGE,
  ...TEMPLATE_COLUMNS,
];

export const STATEFUL_SET_COLUMNS: Column[] = [
  NAME,
  column('Ready', (o) => `${number(at(o, 'status', 'readyReplicas'))}/${number(at(o, 'spec', 'replicas'))}`),
  AGE,
  ...TEMPLATE_COLUMNS.slice(0, 2),
];

export const DAEMON_SET_COLUMNS: Column[] = [
  NAME,
  countColumn('Desired', ['status', 'desiredNumberScheduled']),
  countColumn('Current', ['status', 'currentNumberScheduled']),
  countColumn('Ready', ['status', 'numberReady']),
  countColumn('Up-to-date', ['status', 'updatedNumberScheduled']),
  countColumn('Available', ['status', 'numberAvailable']),
  column('Node Selector', (o) => pairs(at(o, 'spec', 'template', 'spec', 'nodeSelector'))),
  AGE,
  ...TEMPLATE_COLUMNS,
];

function jobStatus(job: unknown): string {
  for (const condition of array(at(job, 'status', 'conditions'))) {
    const type = text(at(condition, 'type'));
    if (at(condition, 'status') === 'True' && (type === 'Complete' || type === 'Failed')) return type;
  }
  return 'Running';
}

export const JOB_COLUMNS: Column[] = [
  NAME,
  column('Status', jobStatus),
  column(
    'Completions',
    (o) => `${number(at(o, 'status', 'succeeded'))}/${number(at(o, 'spec', 'completions'), 1)}`,
  ),
  column('Duration', (o, now) => {
    const start = at(o, 'status', 'startTime');
    const end = Date.parse(text(at(o, 'status', 'completionTime')));
    return start === undefined ? '' : since(start, Number.isNaN(end) ? now : end);
  }),
  AGE,
  ...TEMPLATE_COLUMNS,
];

export const CRON_JOB_COLUMNS: Column[] = [
  NAME,
  column('Schedule', (o) => text(at(o, 'spec', 'schedule'))),
  column('Timezone', (o) => text(at(o, 'spec', 'timeZone'), NONE)),
  column('Suspend', (o) => (at(o, 'spec', 'suspend') === true ? 'True' : 'False')),
  column('Active', (o) => array(at(o, 'status', 'active')).length, 0, 'integer'),
  column('Last Schedule', (o, now) => {
    const last = at(o, 'status', 'lastScheduleTime');
    return last === undefined ? NONE : since(last, now);
  }),
  AGE,
];

export const AUTOSCALER_COLUMNS: Column[] = [
  NAME,
  column('Reference', (o) => {
    const target = at(o, 'spec', 'scaleTargetRef');
    return `${text(at(target, 'kind'))}/${text(at(target, 'name'))}`;
  }),
  column('MinPods', (o) => String(number(at(o, 'spec', 'minReplicas'), 1)), 0),
  countColumn('MaxPods', ['spec', 'maxReplicas']),
  countColumn('Replicas', ['status', 'currentReplicas']),
  AGE,
];
