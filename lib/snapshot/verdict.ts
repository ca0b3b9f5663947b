/** What a snapshot says in words: title and description of its link, head of its page. */
import { plain } from '@/lib/picture/markup';
import { subjectOf } from '@/lib/picture/subject';
import { statementsOf, timeOf } from '@/lib/picture/words';
import type { Topology } from '@/lib/topology/model';
import type { SnapshotDocument, Verdict } from '@/lib/wire/snapshot';

const MOST_OTHERS = 20;
const MOST_TITLE = 200;
const MOST_SENTENCE = 600;

/** The verdict on a view, in slices. `focus`: node id whose chains are in question; null: the gravest faults. */
export function* verdictOf(topology: Topology, focus: string | null): Generator<void, Verdict> {
  const [first, ...others] = statementsOf(yield* subjectOf(topology, focus));
  const root = first.because.at(-1);
  const words = [first.detail, root === undefined ? '' : `because ${root}`].filter((part) => part !== '');
  return {
    status: first.status,
    title: cut(first.title, MOST_TITLE),
    sentence: cut(words.join(', '), MOST_SENTENCE),
    others: others.slice(0, MOST_OTHERS).map(({ title }) => cut(title, MOST_TITLE)),
  };
}

/** One line for those who see the link: the verdict, where, when. */
export function descriptionOf({ verdict, topology }: Pick<SnapshotDocument, 'verdict' | 'topology'>): string {
  const sentence = verdict.sentence.replace(/[\s.]+$/, '');
  const more = verdict.others.length;
  const others = more === 0 ? '' : `and ${more} other problem${more === 1 ? '' : 's'}`;
  const where = `${plain(topology.cluster.name, 'all')}, ${timeOf(topology.takenAt)}`;
  return [sentence, others, where].filter((part) => part !== '').join(' · ');
}

/** One line that hides nothing and turns nothing around: it is read beside other people's words. */
function cut(text: string, most: number): string {
  const line = plain(text, 'all');
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}
