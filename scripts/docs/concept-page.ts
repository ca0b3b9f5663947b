/* The concept pages as markdown. */
import type { Concept } from '@/lib/learn/concept';
import { CONCEPTS } from '@/lib/learn/concepts';

const GENERATED = '<!-- Made by `npm run docs:checks -- --write`; change lib/learn instead. -->\n\n';

/** Markdown of one page. */
export function conceptPage({ title, lead, sections }: Concept): string {
  const parts = sections.map(({ heading, paragraphs, code }) => {
    const text = code ? `\n\`\`\`${code.language}\n${code.text}\n\`\`\`\n` : '';
    return `## ${heading}\n\n${paragraphs.join('\n\n')}\n${text}`;
  });
  return `${GENERATED}# ${title}\n\n${lead}\n\n${parts.join('\n')}`;
}

/** Markdown of the list of pages. */
export function conceptIndex(): string {
  const rows = CONCEPTS.map(({ slug, title, lead }) => `- [${title}](${slug}.md): ${lead.split('. ')[0]}.`);
  return `${GENERATED}# Concepts\n\n${rows.join('\n')}\n`;
}
