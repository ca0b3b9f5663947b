import Link from 'next/link';
import type { CodeTable } from '@/lib/diagnosis/codes/code';
import type { Concept } from '@/lib/learn/concept';
import type { Hop } from '@/lib/topology/model';
import { Article, Part } from './article';
import { HOP_WORD } from './hops';

/** The list of concept pages. */
export function ConceptIndex({ concepts }: { readonly concepts: readonly Concept[] }) {
  return (
    <Article title="Concepts">
      <ul className="flex flex-col gap-4 text-sm leading-6">
        {concepts.map(({ slug, title, lead }) => (
          <li key={slug}>
            <Link href={`/learn/${slug}`} className="font-semibold text-accent hover:underline">
              {title}
            </Link>
            <p className="text-soft">{lead}</p>
          </li>
        ))}
      </ul>
    </Article>
  );
}

/** The list of checks, by hop. */
export function CheckIndex({ codes }: { readonly codes: CodeTable }) {
  const hops = Object.keys(HOP_WORD) as Hop[];
  const all = Object.entries(codes);
  return (
    <Article title={`${all.length} checks`}>
      <p className="text-sm leading-6 text-soft">
        What cannot be judged is said to be not known, with its reason. It is never an alarm.
      </p>
      <nav aria-label="Hops" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {hops.map((hop) => (
          <a key={hop} href={`#${hop}`} className="text-accent hover:underline">
            {HOP_WORD[hop]}
          </a>
        ))}
      </nav>
      {hops.map((hop) => {
        const own = all.filter(([, info]) => info.hop === hop);
        return own.length === 0 ? null : (
          <Part key={hop} heading={HOP_WORD[hop]} id={hop}>
            <ul className="flex flex-col gap-1">
              {own.map(([code, { meaning }]) => (
                <li key={code}>
                  <Link href={`/checks/${code}`} className="text-accent hover:underline">
                    {meaning}
                  </Link>{' '}
                  <span className="inline-block font-mono text-xs text-quiet">{code}</span>
                </li>
              ))}
            </ul>
          </Part>
        );
      })}
    </Article>
  );
}
