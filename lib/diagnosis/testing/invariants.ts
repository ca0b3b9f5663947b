/** What holds of every topology, whatever the cluster looks like. */
import { CODES } from '@/lib/diagnosis/codes';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { statusRank } from '@/lib/topology/status';

/** Every breach; none when all is well. */
export function breaches(graph: Graph): readonly string[] {
  return [
    ...[...graph.findings.values()].flatMap((finding) => [...ofFinding(graph, finding), ...ofTexts(finding)]),
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
  const found: string[] = [];
  const code = CODES[finding.code];
  if (finding.code === 'check-failed') found.push(`${finding.title}: ${finding.detail}`);
  if (!code) found.push(`${finding.code} is not registered`);
  else if (code.hop !== finding.hop) found.push(`${finding.code} is of hop ${code.hop}, not ${finding.hop}`);
  else if (
    statusRank(finding.severity === 'info' ? 'ok' : finding.severity) <
    statusRank(code.severity === 'info' ? 'ok' : code.severity)
  )
    found.push(`${finding.code} is ${finding.severity}, worse than registered`);
  if (finding.cause !== null && !graph.findings.has(finding.cause))
    found.push(`${finding.id}: cause ${finding.cause} is not there`);
  const seen = new Set<string>();
  for (
    let at: Finding | undefined = finding;
    at;
    at = at.cause === null ? undefined : graph.findings.get(at.cause)
  ) {
    if (seen.has(at.id)) return [...found, `${finding.id}: its causes go round`];
    seen.add(at.id);
  }
  for (const { rule } of finding.affects)
    if (!graph.nodes.has(rule)) found.push(`${finding.id} affects ${rule}, which is not drawn`);
  return found;
}

const ODD = /undefined|\[object|NaN|\bnull\b| {2}|^\s|\s$|: $/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character would end a pasted command
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Of kubectl's commands on namespaced objects, which need their namespace. */
const NAMESPACED = /^kubectl (?!-n \S|get (ingressclass|nodes|deployments,\S+ -A|service -A|gateway)|auth )/;

function ofTexts({ id, title, detail, fix }: Finding): readonly string[] {
  const texts = [title, detail, fix.summary]
    .filter((text) => text === '' || ODD.test(text))
    .map((text) => `${id} says "${text}"`);
  const commands = [...fix.look, ...fix.change];
  const odd = commands.filter(
    (line) =>
      ODD.test(line) ||
      CONTROL.test(line) ||
      !/^(kubectl|dig) /.test(line) ||
      NAMESPACED.test(line),
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
