/** What holds of every topology, whatever the cluster looks like. */
import { CODES } from '@/lib/diagnosis/codes';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, Severity, TopologyEdge, TopologyNode } from '@/lib/topology/model';

const SEVERITIES: readonly Severity[] = ['broken', 'degraded', 'warning', 'info'];

/** Every breach; none when all is well. */
export function breaches(graph: Graph): readonly string[] {
  return [...[...graph.findings.values()].flatMap(ofTexts), ...faults(graph)];
}

/** Breaches of structure alone: names of hostile objects make any text odd. */
export function faults(graph: Graph): readonly string[] {
  return [
    ...[...graph.findings.values()].flatMap((finding) => ofFinding(graph, finding)),
    ...[...graph.nodes.values(), ...graph.edges.values()].flatMap((item) => ofReferences(graph, item)),
    ...[...graph.edges.values()].flatMap((edge) =>
      [edge.source, edge.target]
        .filter((end) => !graph.nodes.has(end))
        .map((end) => `${edge.id}: ${end} is not drawn`),
    ),
    ...[...graph.nodes.values()]
      .filter((node) => node.kind === 'rule')
      .flatMap((rule) => ofRule(graph, rule)),
  ];
}

function ofFinding(graph: Graph, finding: Finding): readonly string[] {
  const found = [...ofCode(finding), ...ofCauses(graph, finding)];
  for (const { rule } of finding.affects)
    if (!graph.nodes.has(rule)) found.push(`${finding.id} affects ${rule}, which is not drawn`);
  return found;
}

function ofCode({ code, hop, severity, title, detail }: Finding): readonly string[] {
  if (code === 'check-failed') return [`${title}: ${detail}`];
  const registered = CODES[code];
  if (!registered) return [`${code} is not registered`];
  const worse = SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(registered.severity);
  return [
    ...(registered.hop === hop ? [] : [`${code} is of hop ${registered.hop}, not ${hop}`]),
    ...(worse ? [`${code} is ${severity}, worse than registered`] : []),
  ];
}

function ofCauses(graph: Graph, finding: Finding): readonly string[] {
  const seen = new Set<string>();
  for (let at = finding; at.cause !== null; ) {
    if (seen.has(at.id)) return [`${finding.id}: its causes go round`];
    seen.add(at.id);
    const next = graph.findings.get(at.cause);
    if (!next) return [`${at.id}: cause ${at.cause} is not there`];
    at = next;
  }
  return [];
}

const ODD = /undefined|\[object|NaN|\bnull\b| {2}|^\s|\s$|: $/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character would end a pasted command
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Of kubectl's commands on namespaced objects, which need their namespace. */
const NAMESPACED =
  /^kubectl (?!-n \S|(get|annotate) (ingressclass|nodes|ciliumclusterwide|global|(baseline)?admin|\S+ -A|gateway)|\w+ (namespace|clusterrole|clusterrolebinding|validatingwebhookconfiguration)\b|auth )/;

function ofTexts({ id, title, detail, fix }: Finding): readonly string[] {
  const texts = [title, detail, fix.summary]
    .filter((text) => text === '' || ODD.test(text))
    .map((text) => `${id} says "${text}"`);
  const commands = [...fix.look, ...fix.change];
  const odd = commands.filter(
    (line) => ODD.test(line) || CONTROL.test(line) || !/^(kubectl|dig) /.test(line) || NAMESPACED.test(line),
  );
  return [...texts, ...odd.map((line) => `${id} would have you paste: ${line}`)];
}

function ofReferences(graph: Graph, item: TopologyNode | TopologyEdge): readonly string[] {
  const lost = item.findings
    .filter((id) => !graph.findings.has(id))
    .map((id) => `${item.id} names ${id}, which is not there`);
  const twice = item.findings
    .filter((id, i) => item.findings.indexOf(id) !== i)
    .map((id) => `${item.id} names ${id} twice`);
  return [...lost, ...twice];
}

/** Nothing is red without a finding that says so: a tired person must be able to ask why. */
function ofRule(graph: Graph, rule: TopologyNode): readonly string[] {
  if (rule.status !== 'broken' && rule.status !== 'degraded' && rule.status !== 'warning') return [];
  const why = [...graph.findings.values()].some(
    (f) => f.state === 'open' && f.affects.some((entry) => entry.rule === rule.id),
  );
  return why ? [] : [`${rule.id} is ${rule.status}, and no finding says why`];
}
