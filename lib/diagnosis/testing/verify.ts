/** Compares a topology with what its fixture wants; every difference is one line of text. */
import type { Built } from '@/lib/diagnosis/build';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, Status } from '@/lib/topology/model';
import type { Wanted } from './expectation';

/** The findings that a word of an expectation means: a whole id, or a code. */
export function matching(findings: Iterable<Finding>, word: string): readonly Finding[] {
  return [...findings].filter((finding) => finding.id === word || finding.code === word);
}

/** All differences; none when the fixture holds. */
export function differences({ graph }: Built, wanted: Wanted): readonly string[] {
  const found = [...graph.findings.values()];
  return [
    ...presence(found, wanted),
    ...chains(found, wanted),
    ...texts(graph, found, wanted),
    ...statuses(graph, wanted),
  ];
}

function presence(found: readonly Finding[], wanted: Wanted): readonly string[] {
  const all = found
    .map((f) => `${f.id} (${f.state}${f.settled ? '' : ', unsettled'}, ${f.severity})`)
    .join('\n  ');
  const want = (words: readonly string[] | undefined, what: string, test: (f: Finding) => boolean) =>
    (words ?? [])
      .filter((word) => !matching(found, word).some(test))
      .map((word) => `${word} is not ${what} among\n  ${all || 'no findings'}`);
  const never = (words: readonly string[] | undefined, what: string, test: (f: Finding) => boolean) =>
    (words ?? [])
      .flatMap((word) => matching(found, word).filter(test))
      .map((f) => `${f.id} is ${what}: ${f.detail}`);
  const named = [...(wanted.findings ?? []), ...(wanted.unsettled ?? [])];
  const others = found.filter(
    (f) => f.state === 'open' && !named.some((word) => f.id === word || f.code === word),
  );
  return [
    ...want(wanted.findings, 'open and settled', (f) => f.state === 'open' && f.settled),
    ...want(wanted.unsettled, 'open and unsettled', (f) => f.state === 'open' && !f.settled),
    ...want(wanted.unknown, 'unknown', (f) => f.state === 'unknown'),
    ...never(wanted.closed, 'open', (f) => f.state === 'open'),
    ...never(wanted.absent, 'there', () => true),
    ...(wanted.only ? others.map((f) => `${f.id} was not expected: ${f.detail}`) : []),
  ];
}

function chains(found: readonly Finding[], wanted: Wanted): readonly string[] {
  return (wanted.chains ?? []).flatMap((chain) =>
    chain.flatMap((word, i) => {
      const finding = matching(found, word)[0];
      const next = chain[i + 1];
      const cause = finding?.cause ?? null;
      const right = next === undefined ? cause === null : matching(found, next).some((f) => f.id === cause);
      return right && finding ? [] : [`cause of ${word} is ${cause}, not ${next ?? 'none'}`];
    }),
  );
}

function texts(graph: Graph, found: readonly Finding[], wanted: Wanted): readonly string[] {
  const each = <T>(
    table: Readonly<Record<string, T>> | undefined,
    actual: (f: Finding, value: T) => unknown,
  ) =>
    Object.entries(table ?? {}).flatMap(([word, value]) => {
      const finding = matching(found, word)[0];
      const is = finding ? actual(finding, value) : 'not there';
      return JSON.stringify(is) === JSON.stringify(value)
        ? []
        : [`${word}: ${JSON.stringify(is)}, not ${JSON.stringify(value)}`];
    });
  return [
    ...each(wanted.severities, (f) => f.severity),
    ...each(wanted.titles, (f) => f.title),
    ...each(wanted.changes, (f) => f.fix.change[0] ?? null),
    ...each(wanted.affects, (f) =>
      f.affects.map((a) => `${nameOf(graph, a.rule)}${a.answer === null ? '' : ` → ${a.answer}`}`).sort(),
    ),
    ...each(wanted.says, (f, value) => {
      const text = [
        f.title,
        f.detail,
        f.fix.summary,
        ...f.fix.look,
        ...f.fix.change,
        ...f.evidence.map((e) => `${e.path}: ${e.value}`),
      ].join('\n');
      return [value].flat().every((part) => text.includes(part)) ? value : text;
    }),
  ];
}

function nameOf(graph: Graph, id: string): string {
  const node = graph.nodes.get(id);
  return node?.kind === 'rule' ? node.name : id;
}

function statuses(graph: Graph, wanted: Wanted): readonly string[] {
  return Object.entries(wanted.statuses ?? {}).flatMap(([word, status]) => {
    const is = statusesOf(graph, word);
    return is.length > 0 && is.every((one) => one === status)
      ? []
      : [`status of ${word} is ${is.join(', ') || 'not there'}, not ${status}`];
  });
}

function statusesOf(graph: Graph, word: string): readonly Status[] {
  const ends = word.split(' → ');
  if (ends.length === 2) {
    const [source, target] = ends.map((end) => idsOf(graph, end as string));
    return [...graph.edges.values()]
      .filter((edge) => source?.includes(edge.source) && target?.includes(edge.target))
      .map((edge) => edge.status);
  }
  const edge = graph.edges.get(word);
  return edge ? [edge.status] : idsOf(graph, word).flatMap((id) => graph.nodes.get(id)?.status ?? []);
}

function idsOf(graph: Graph, word: string): readonly string[] {
  if (graph.nodes.has(word)) return [word];
  return [...graph.nodes.values()]
    .filter((node) => node.kind === 'rule' && node.name === word)
    .map((node) => node.id);
}
