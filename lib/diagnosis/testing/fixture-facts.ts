/** Facts of a fixture beside DNS, Secrets and coverage. */
import { ComplaintBook, complaintOf, readLine } from '@/lib/controllers/log-lines';
import { LOG_PATTERNS } from '@/lib/controllers/log-patterns';
import type { Change } from '@/lib/state/change';
import type { LogFact } from '@/lib/state/facts';
import { workloadControllerId } from '@/lib/topology/ids';
import type { Inputs } from './expectation';

const MINUTE = 60_000;

/** ConfigMaps asked for by name, logs, crashes and the server, as a running dashboard would be told of them. */
export function otherFacts(inputs: Inputs, now: number): readonly Change[] {
  const facts: Change[] = Object.entries(inputs.configmaps ?? {}).map(([key, state]) => ({
    type: 'fact',
    source: 'configmap',
    key,
    fact: { state, reason: state === 'unreadable' ? 'forbidden' : '' },
  }));
  for (const [name, lines] of Object.entries(inputs.logs ?? {})) {
    const [kind = '', namespace = '', workload = ''] = name.split('/');
    const key = workloadControllerId(kind, namespace, workload);
    facts.push({ type: 'fact', source: 'log', key, fact: logFact(lines, now) });
  }
  for (const [key, lines] of Object.entries(inputs.crashes ?? {})) {
    const fact =
      lines === 'unreadable'
        ? { state: 'unreadable' as const, reason: 'forbidden', container: '', lines: [] }
        : { state: 'read' as const, reason: '', container: '', lines };
    facts.push({ type: 'fact', source: 'crash', key, fact });
  }
  const { server } = inputs;
  if (server)
    facts.push({
      type: 'fact',
      source: 'server',
      key: '',
      fact: { version: server.version ?? '', groups: groupsOf(server) },
    });
  return facts;
}

/** Who gives a version alone says nothing of groups; who says nothing has none. */
function groupsOf({ version, groups }: NonNullable<Inputs['server']>): readonly string[] | null {
  if (groups !== undefined) return groups;
  return version === undefined ? [] : null;
}

/** Lines as the server reads them. */
function logFact(lines: readonly string[] | 'unreadable', now: number): LogFact {
  if (lines === 'unreadable') return { state: 'unreadable', reason: 'forbidden', complaints: [] };
  const book = new ComplaintBook(15 * MINUTE, 200);
  for (const raw of lines) {
    const line = readLine(raw, now);
    const found = complaintOf({ ...line, at: line.at ?? now - MINUTE }, LOG_PATTERNS, 'pod', now);
    if (found) book.add(found);
  }
  return { state: 'read', reason: '', complaints: book.at(now) };
}
