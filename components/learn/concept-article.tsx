import type { Concept } from '@/lib/learn/concept';
import { Article, Code, Part } from './article';

/** A concept page. */
export function ConceptArticle({ concept }: { readonly concept: Concept }) {
  return (
    <Article title={concept.title}>
      <p className="text-base leading-7 text-soft">{concept.lead}</p>
      {concept.sections.map(({ heading, paragraphs, code }) => (
        <Part key={heading} heading={heading}>
          {paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {code && <Code text={code.text} />}
        </Part>
      ))}
    </Article>
  );
}
