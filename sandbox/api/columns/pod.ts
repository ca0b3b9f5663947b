// The columns of `kubectl get pods`.
import { array, at, number, record, text } from '../json';
import type { Column, KubeObject } from '../types';
import { AGE, column, containers, NAME, NONE, pathColumn, since } from './format';

function containerReason(status: unknown): string | undefined {
  const waiting = text(at(status, 'state', 'waiting', 'reason'));
  if (waiting !== '') return waiting;
  const terminated = record(at(status, 'state')).terminated;
  if (terminated === undefined || terminated === null) return undefined;
  const reason = text(at(terminated, 'reason'));
  if (reason !== '') return reason;
  const signal = number(at(terminated, 'signal'));
  return signal === 0 ? `ExitCode:${number(at(terminated, 'exitCode'))}` : `Signal:${signal}`;
}

function initReason(pod: KubeObject): string | undefined {
  const statuses = array(at(pod, 'status', 'initContainerStatuses'));
  for (const [index, status] of statuses.entries()) {
    const terminated = at(status, 'state', 'terminated');
    if (terminated !== undefined && number(at(terminated, 'exitCode')) === 0) continue;
    if (at(status, 'started') === true && at(status, 'ready') === true) continue;
    const reason = containerReason(status);
    if (reason !== undefined && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${statuses.length}`;
  }
  return undefined;
}

function mainReason(pod: KubeObject): string {
  let reason = text(at(pod, 'status', 'reason')) || text(at(pod, 'status', 'phase'), 'Unknown');
  const statuses = array(at(pod, 'status', 'containerStatuses'));
  for (const status of statuses.toReversed()) reason = containerReason(status) ?? reason;
  const isRunning = statuses.some(
    (status) => at(status, 'ready') === true && at(status, 'state', 'running') !== undefined,
  );
  if (reason === 'Completed' && isRunning) return isReady(pod) ? 'Running' : 'NotReady';
  return reason;
}

/** The word in the STATUS column, worst container first. */
export function podStatus(pod: KubeObject): string {
  const reason = initReason(pod) ?? mainReason(pod);
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  return at(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function isReady(pod: KubeObject): boolean {
  return array(at(pod, 'status', 'conditions')).some(
    (c) => at(c, 'type') === 'Ready' && at(c, 'status') === 'True',
  );
}

function readyText(pod: KubeObject): string {
  const statuses = array(at(pod, 'status', 'containerStatuses'));
  return `${statuses.filter((status) => at(status, 'ready') === true).length}/${containers(pod.spec).length}`;
}

function restarts(pod: KubeObject, now: number): string {
  const statuses = array(at(pod, 'status', 'containerStatuses'));
  const count = statuses.reduce<number>((sum, status) => sum + number(at(status, 'restartCount')), 0);
  const times = statuses
    .map((status) => text(at(status, 'lastState', 'terminated', 'finishedAt')))
    .filter(Boolean);
  const last = times.sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${since(last, now)} ago)`;
}

function gates(pod: KubeObject): string {
  const wanted = array(at(pod, 'spec', 'readinessGates')).map((gate) => at(gate, 'conditionType'));
  if (wanted.length === 0) return NONE;
  const conditions = array(at(pod, 'status', 'conditions'));
  const isMet = (type: unknown): boolean =>
    conditions.some((condition) => at(condition, 'type') === type && at(condition, 'status') === 'True');
  return `${wanted.filter(isMet).length}/${wanted.length}`;
}

export const POD_COLUMNS: Column[] = [
  NAME,
  column('Ready', readyText),
  column('Status', podStatus),
  column('Restarts', restarts),
  AGE,
  pathColumn('IP', ['status', 'podIP'], NONE, 1),
  pathColumn('Node', ['spec', 'nodeName'], NONE, 1),
  pathColumn('Nominated Node', ['status', 'nominatedNodeName'], NONE, 1),
  column('Readiness Gates', gates, 1),
];
