/* Plausible log lines for `kubectl logs`, made anew each time from the pod's state. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRequest, LogSource } from '../api/context';
import { AddedLogs } from './added-logs';
import type { Cluster } from './cluster';
import { ingressNginxComplaints } from './ingress-nginx-log';
import { annotationOf, behaviourOf } from './pod-behaviour';
import type { Container, Pod } from './shapes';

export interface LogLine {
  readonly time: string;
  readonly text: string;
}

type Writer = (pod: Pod, index: number) => string;

const NGINX_CONTROLLER = /ingress-nginx|nginx-ingress-controller/;

const WRITERS: readonly [RegExp, readonly string[], Writer][] = [
  [
    NGINX_CONTROLLER,
    [
      'NGINX Ingress controller',
      'I  main.go] "Creating API client" host="https://10.96.0.1:443"',
      'I  nginx.go] "Starting NGINX Ingress controller"',
      'I  leaderelection.go] attempting to acquire leader lease ingress-nginx/ingress-nginx-leader...',
      'I  controller.go] "Configuration changes detected, backend reload required"',
      'I  controller.go] "Backend successfully reloaded"',
    ],
    (_pod, index) =>
      `10.0.0.1${index % 3} - - "GET /wear HTTP/1.1" 200 ${812 + index} "-" "curl/8.9.1" 331 0.00${1 + (index % 7)} [shop-wear-service-80] [] 10.244.0.${4 + (index % 5)}:80 ${812 + index} 0.00${1 + (index % 7)} 200`,
  ],
  [
    /mysql|mariadb/,
    [
      '[Note] [Entrypoint]: Entrypoint script for MySQL Server started.',
      '[System] [MY-013576] [InnoDB] InnoDB initialization has started.',
      '[System] [MY-013577] [InnoDB] InnoDB initialization has ended.',
      '[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. port: 3306',
    ],
    (_pod, index) => `[Note] [MY-010914] [Server] connection ${100 + index} closed by client`,
  ],
  [
    /nginx|httpd/,
    [
      '/docker-entrypoint.sh: Configuration complete; ready for start up',
      '[notice] 1#1: start worker processes',
    ],
    (_pod, index) => `10.244.1.${2 + (index % 9)} - - "GET / HTTP/1.1" 200 612 "-" "kube-probe/1.34" "-"`,
  ],
];
const FALLBACK: [readonly string[], Writer] = [
  ['starting', 'configuration loaded', 'listening'],
  (pod, index) =>
    `level=info msg="request served" app=${pod.metadata.labels?.app ?? pod.metadata.name} status=200 duration=${3 + ((index * 7) % 40)}ms`,
];

/** The lines of one container, oldest first; `previous` gives those of the container before its last restart. */
export function podLog(
  cluster: Cluster,
  pod: Pod,
  containerName: string | undefined,
  previous = false,
): LogLine[] {
  const container =
    pod.spec.containers.find((entry) => entry.name === containerName) ?? pod.spec.containers[0];
  const status = pod.status?.containerStatuses?.find((entry) => entry.name === container?.name);
  if (!container || !status) return [];
  const ended = status.state.terminated ?? status.lastState.terminated;
  const showsCrash = ended !== undefined && (previous || !status.state.running);
  if (previous && !ended) return [];
  const startedAt = Date.parse((showsCrash ? ended?.startedAt : status.state.running?.startedAt) ?? '');
  if (Number.isNaN(startedAt)) return [];
  const [start] = writerOf(container);
  const at = (offset: number): string => timestamp(startedAt + offset);
  const lines = start.map((text, index) => ({ time: at(index * 120), text }));
  if (showsCrash)
    return [
      ...lines.slice(0, 1),
      ...crashLines(cluster, pod).map((text, index) => ({ time: at(300 + index * 15), text })),
    ];
  return [...lines, ...steadyLines(cluster, pod, container, startedAt)];
}

const MOST_LINES = 240;

/** One line every ten seconds, the newest ones; ingress-nginx complains once a minute of what is wrong now: it forgets what was before. */
function steadyLines(cluster: Cluster, pod: Pod, container: Container, startedAt: number): LogLine[] {
  const [, steady] = writerOf(container);
  const count = Math.floor((cluster.scheduler.now() - startedAt) / 10_000);
  const complains = NGINX_CONTROLLER.test(container.image);
  const lines: LogLine[] = [];
  for (let index = Math.max(0, count - MOST_LINES); index < count; index++) {
    const at = startedAt + 5000 + index * 10_000;
    const time = timestamp(at);
    lines.push({ time, text: steady(pod, index) });
    if (!complains || index < count - 12 || index % 6 !== 0) continue;
    for (const text of ingressNginxComplaints(cluster, at)) lines.push({ time, text });
  }
  return lines;
}

function timestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '000000Z');
}

function writerOf(container: Container): [readonly string[], Writer] {
  const found = WRITERS.find(([pattern]) => pattern.test(container.image));
  return found ? [found[1], found[2]] : FALLBACK;
}

function crashLines(cluster: Cluster, pod: Pod): string[] {
  const given = annotationOf(cluster, pod, 'logs');
  if (given) return given.trimEnd().split('\n');
  const { message, name } = behaviourOf(cluster, pod);
  if (name === 'oom') return ['level=warn msg="heap is close to its limit"', 'Killed'];
  return [
    `panic: ${message || 'cannot start: configuration is not valid'}`,
    '',
    'goroutine 1 [running]:',
    'main.main()',
    '\t/src/cmd/server/main.go:41 +0x1d4',
    'exit status 2',
  ];
}

const FOLLOW_MS = 2000;

/** Answers `kubectl logs`: tail, since, timestamps, previous and follow. */
export function logSource(cluster: Cluster, added = new AddedLogs()): LogSource {
  return (object, request) => followLog(cluster, added, object as unknown as Pod, request);
}

async function* followLog(
  cluster: Cluster,
  added: AddedLogs,
  pod: Pod,
  request: LogRequest,
): AsyncGenerator<string> {
  const show = (line: LogLine): string => (request.timestamps ? `${line.time} ${line.text}` : line.text);
  const earliest =
    request.sinceSeconds === undefined ? 0 : cluster.scheduler.now() - request.sinceSeconds * 1000;
  const { namespace, name } = pod.metadata;
  const own = podLog(cluster, pod, request.container, request.previous);
  const lines = [...own, ...(request.previous ? [] : added.of(namespace, name))].filter(
    (line) => Date.parse(line.time) >= earliest,
  );
  const tail = request.tail !== undefined && request.tail >= 0 ? request.tail : lines.length;
  yield* lines.slice(Math.max(0, lines.length - tail)).map(show);
  let last = lines.at(-1)?.time ?? '';
  while (request.follow && !request.signal.aborted) {
    await sleep(FOLLOW_MS, undefined, { signal: request.signal, ref: false }).catch(() => undefined);
    const fresh = cluster.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name);
    if (request.signal.aborted || !fresh || fresh.metadata.uid !== pod.metadata.uid) return;
    for (const line of podLog(cluster, fresh, request.container)) {
      if (line.time <= last) continue;
      last = line.time;
      yield show(line);
    }
  }
}
