import Link from 'next/link';
import type { CodeInfo } from '@/lib/diagnosis/codes/code';
import type { Concept } from '@/lib/learn/concept';
import { Article, Part } from './article';
import { HOP_WORD } from './hops';

interface Props {
  readonly code: string;
  readonly info: CodeInfo;
  readonly concepts: readonly Concept[];
}

/** The page of a check: what it means, when it is found and when not, what mends it. */
export function CheckArticle({ code, info, concepts }: Props) {
  const facts = [
    ['Hop', HOP_WORD[info.hop]],
    ['At its worst', info.severity],
    ['Impact', info.impact === 'traffic' ? 'traffic fails' : 'risk; no request fails of it'],
  ];
  return (
    <Article title={info.meaning}>
      <p className="font-mono text-sm text-soft">{code}</p>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-quiet">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Part heading="When it is found">
        <p>{info.when}</p>
      </Part>
      {info.traps.length > 0 && (
        <Part heading="When it is not">
          <ul className="ml-5 list-disc">
            {info.traps.map((trap) => (
              <li key={trap}>{trap}</li>
            ))}
          </ul>
        </Part>
      )}
      <Part heading="What mends it">
        <p>{info.mend}</p>
      </Part>
      {concepts.length > 0 && (
        <Part heading="Read more">
          <ul>
            {concepts.map(({ slug, title }) => (
              <li key={slug}>
                <Link href={`/learn/${slug}`} className="text-accent hover:underline">
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </Article>
  );
}
