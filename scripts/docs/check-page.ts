/* One page for each code: what it means, when it is found and when not, and how it looks. */
import { CODES } from '@/lib/diagnosis/codes';
import { buildFixture } from '@/lib/diagnosis/testing/fixture';
import { scenarios } from '@/lib/diagnosis/testing/scenarios';
import { CONCEPTS, conceptsOfHop } from '@/lib/learn/concepts';
import type { Finding, Hop } from '@/lib/topology/model';

const HOPS: Readonly<Record<Hop, string>> = {
  dns: 'DNS',
  loadbalancer: 'Load balancer',
  controller: 'Controller',
  class: 'Class',
  rule: 'Rule',
  tls: 'TLS',
  service: 'Service',
  endpoints: 'Endpoints',
  pod: 'Pods',
  networkpolicy: 'NetworkPolicy',
  rbac: 'RBAC',
  security: 'Security',
  'best-practice': 'Practice',
};

const GENERATED =
  '<!-- Made by `npm run docs:checks -- --write`; change lib/diagnosis/codes instead. -->\n\n';

/** Text that markdown must not read as markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|]/g, (sign) => `\\${sign}`).replaceAll('\n', ' ');
}

function block(language: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\n`;
}

/** The first finding of this code that its own fixtures bring about. */
function example(code: string): Finding | undefined {
  for (const { name, objects, expect } of scenarios()) {
    if (!name.startsWith(`${code}/`) || name.includes('/trap-')) continue;
    const { also = [], ...first } = expect;
    for (const entry of [first, ...also]) {
      const { graph } = buildFixture(objects, { ...first, ...entry });
      const found = [...graph.findings.values()].find((finding) => finding.code === code);
      if (found) return found;
    }
  }
  return undefined;
}

function exampleText(finding: Finding): string {
  const evidence = finding.evidence.map(
    ({ ref, path, value }) =>
      `- ${ref ? `${ref.kind} ${plain(ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`)} · ` : ''}${plain(path)} = ${plain(value)}`,
  );
  return [
    `## What it looks like\n\n**${plain(finding.title)}**\n\n${plain(finding.detail)}\n`,
    evidence.length > 0 ? `\nEvidence:\n\n${evidence.join('\n')}\n` : '',
    `\n${plain(finding.fix.summary)}\n`,
    block('sh', finding.fix.look),
    finding.fix.change.length > 0 ? `\nTo mend it:\n${block('sh', finding.fix.change)}` : '',
  ].join('');
}

/** Markdown of a code's page. */
export function checkPage(code: string): string {
  const info = CODES[code];
  if (!info) throw new Error(`no check has the code ${code}`);
  const found = example(code);
  const slugs = conceptsOfHop(info.hop);
  const links = CONCEPTS.filter(({ slug }) => slugs.includes(slug)).map(
    ({ slug, title }) => `- [${title}](../concepts/${slug}.md)`,
  );
  const traps = info.traps.map((trap) => `- ${plain(trap)}`).join('\n');
  return [
    GENERATED,
    `# ${code}\n\n${plain(info.meaning)}\n\n`,
    `| Hop | At its worst | Impact |\n| --- | --- | --- |\n| ${HOPS[info.hop]} | ${info.severity} | ${info.impact} |\n\n`,
    `## When it is found\n\n${plain(info.when)}\n\n`,
    traps === '' ? '' : `## When it is not\n\n${traps}\n\n`,
    `## What mends it\n\n${plain(info.mend)}\n\n`,
    found ? `${exampleText(found)}\n` : '',
    links.length > 0 ? `## Read more\n\n${links.join('\n')}\n` : '',
  ].join('');
}

/** Markdown of the list of all codes, by hop. */
export function checkIndex(): string {
  const hops = Object.keys(HOPS) as Hop[];
  const sections = hops.flatMap((hop) => {
    const codes = Object.entries(CODES).filter(([, info]) => info.hop === hop);
    if (codes.length === 0) return [];
    const rows = codes.map(
      ([code, { severity, impact, meaning }]) =>
        `| [${code}](${code}.md) | ${severity} | ${impact} | ${plain(meaning)} |`,
    );
    return `## ${HOPS[hop]}\n\n| Check | At its worst | Impact | |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `${GENERATED}# Checks\n\n${Object.keys(CODES).length} conditions are looked for. What cannot be judged is said to be unknown, with its reason; it is never an alarm.\n\n${sections.join('\n')}`;
}
