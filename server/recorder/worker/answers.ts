import 'server-only';
import { isOverview } from '@/lib/topology/partition/overview';
import { Serial } from '@/server/hub/turns';
import type { Db } from '@/server/recorder/database/db';
import type { Asks, Method } from '@/server/recorder/messages';
import { Foresight } from './foresight';
import { historyOf } from './history';
import * as kept from './kept';
import { viewAt, warmUp } from './past';
import { PastGraph } from './past-graph';
import * as signedOut from './signed-out';

/** What answers are made from. */
export interface Sources {
  readonly db: Db;
  readonly cluster: number;
  /** Of the cluster. */
  readonly name: string;
  /** Until when all that happened is recorded, epoch ms. */
  readonly until: () => Promise<number>;
}

type Answers = {
  readonly [M in Method]: (args: Parameters<Asks[M]>[0], from: Sources) => Promise<ReturnType<Asks[M]>>;
};

/** A whole topology takes much memory: one at a time. */
const rebuilding = new Serial();
const past = new PastGraph();
const foresight = new Foresight();

/** So long nobody asks for a moment before the graph of the last one is made: it would keep them waiting. */
const REST_MS = 400;
let atRest: NodeJS.Timeout | undefined;

/** Nobody waits for it, and who asks for what cannot be read is told then. */
function warm(db: Db, cluster: number, until: number, time?: number): void {
  rebuilding.run(() => warmUp(db, cluster, { until, time }, past)).catch(() => undefined);
}

const ANSWERS: Answers = {
  at: async (args, { db, cluster, name, until }) => {
    foresight.used(name);
    const known = await until();
    clearTimeout(atRest);
    const found = await rebuilding.run(() =>
      viewAt(db, cluster, args, { now: Date.now(), until: known, past }),
    );
    // An overview of a moment does without its graph; its neighbours are quicker with it.
    if (isOverview(args.filters)) atRest = setTimeout(warm, REST_MS, db, cluster, known, args.time).unref();
    return found;
  },
  history: async (args, { db, cluster, name, until }) => {
    const known = await until();
    const history = await historyOf(db, cluster, args, known);
    if (foresight.asked(name, Date.now())) warm(db, cluster, known);
    return history;
  },
  putSnapshot: (args, { db }) => kept.putSnapshot(db, args),
  snapshot: ({ idHash }, { db }) => kept.getSnapshot(db, idHash, Date.now()),
  picture: ({ idHash, name }, { db }) => kept.getPicture(db, idHash, name, Date.now()),
  removeSnapshot: ({ idHash }, { db }) => kept.removeSnapshot(db, idHash),
  countSnapshots: (_, { db }) => kept.countSnapshots(db),
  listSnapshots: ({ limit }, { db }) => kept.listSnapshots(db, limit),
  marks: (_, { db, name }) => kept.listMarks(db, name),
  putMark: (mark, { db, name }) => kept.putMark(db, name, mark),
  signedOut: (_, { db }) => signedOut.listSignedOut(db, Date.now()),
  putSignedOut: (args, { db }) => signedOut.putSignedOut(db, args, Date.now()),
  removeMark: ({ finding }, { db, name }) => kept.removeMark(db, name, finding),
};

/** Answers what the main side asks; the one cast: a method's arguments come from its own row of {@link Asks}. */
export function answerTo(method: Method, args: unknown, from: Sources): Promise<unknown> {
  const answer = ANSWERS[method] as (args: unknown, from: Sources) => Promise<unknown>;
  return answer(args, from);
}
