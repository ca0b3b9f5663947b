import 'server-only';
import { hostId } from '@/lib/topology/ids';
import type { Finding } from '@/lib/topology/model';
import type { Indexed } from '@/lib/topology/view';
import type { ParameterProblem } from '@/lib/wire/api';
import { impactSchema, severitySchema } from '@/lib/wire/topology';
import { arrayChunks, SharedChunks } from '@/server/hub/chunks';
import { streamed } from './body';
import type { HttpContext } from './context';
import { API_HEADERS, badParameters } from './problem';

interface Wanted {
  readonly severity: readonly string[];
  readonly impact: readonly string[];
  readonly code: readonly string[];
  readonly namespace: readonly string[];
  readonly host: readonly string[];
}

/** `GET /api/v1/findings` */
export async function getFindings(request: Request, context: HttpContext): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const all = (key: keyof Wanted) => params.getAll(key).filter((value) => value !== '');
  const wanted: Wanted = {
    severity: all('severity'),
    impact: all('impact'),
    code: all('code'),
    namespace: all('namespace'),
    host: all('host').map((host) => hostId(host === '*' ? '' : host.toLowerCase())),
  };
  const errors = [
    ...unknown('severity', wanted.severity, severitySchema.options),
    ...unknown('impact', wanted.impact, impactSchema.options),
  ];
  if (errors.length > 0) return badParameters(errors);
  const { head, findings } = await context.hub.read((source, now) => ({
    head: now,
    findings: select(source, wanted),
  }));
  const fields = JSON.stringify({ epoch: head.epoch, version: head.version, takenAt: head.takenAt }).slice(
    0,
    -1,
  );
  const reader = new SharedChunks(pieces(fields, findings)).reader();
  return new Response(reader && streamed(reader), {
    headers: {
      ...API_HEADERS,
      'Content-Type': 'application/json; charset=utf-8',
      Vary: 'Cookie, Authorization, Accept-Encoding',
    },
  });
}

function* pieces(fields: string, findings: readonly Finding[]): Generator<string> {
  yield fields;
  yield* arrayChunks('findings', findings);
  yield '}';
}

function unknown(
  parameter: string,
  given: readonly string[],
  allowed: readonly string[],
): readonly ParameterProblem[] {
  return given
    .filter((value) => !allowed.includes(value))
    .map((value) => ({ parameter, value, problem: `is no ${parameter}`, allowed }));
}

function select({ graph }: Indexed, wanted: Wanted): readonly Finding[] {
  const passes = (list: readonly string[], ...values: readonly string[]) =>
    list.length === 0 || values.some((value) => list.includes(value));
  const namespaces = ({ subject, affects }: Finding) => [
    subject.namespace,
    ...affects.map(({ rule }) => graph.nodes.get(rule)?.namespace ?? ''),
  ];
  return [...graph.findings.values()]
    .filter(
      (finding) =>
        passes(wanted.severity, finding.severity) &&
        passes(wanted.impact, finding.impact) &&
        passes(wanted.code, finding.code) &&
        (wanted.namespace.length === 0 || passes(wanted.namespace, ...namespaces(finding))) &&
        (wanted.host.length === 0 || passes(wanted.host, ...finding.affects.map(({ host }) => host))),
    )
    .sort(worstFirst);
}

const SEVERITIES: readonly string[] = severitySchema.options;

function worstFirst(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
}
