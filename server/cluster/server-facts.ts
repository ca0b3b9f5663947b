import 'server-only';
import { list, record, text } from '@/lib/kube/project/raw';
import { equalData } from '@/lib/kube/project/share';
import type { ServerFact } from '@/lib/state/facts';
import { type Clock, sleep } from './clock';
import type { KubeClient } from './kube-client';
import type { Timing } from './timing';

export interface ServerFactsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onFact: (fact: ServerFact) => void;
}

const MOST_GROUPS = 500;

/** Asks the API server for its version and API groups, at the start and then seldom, until the signal aborts. */
export async function runServerFacts(options: ServerFactsOptions): Promise<void> {
  const { clock, timing, random, signal, onFact } = options;
  let known: ServerFact | null = null;
  while (!signal.aborted) {
    const [version, groups] = await Promise.all([versionOf(options), groupsOf(options)]);
    // What a silent server told before still holds.
    const fact: ServerFact = {
      version: version ?? known?.version ?? '',
      groups: groups === undefined ? (known?.groups ?? null) : groups,
    };
    const answered = version !== null || groups !== undefined;
    if (answered && !signal.aborted && !equalData(known, fact)) {
      known = fact;
      onFact(fact);
    }
    const wait = answered ? timing.serverAgain : Math.min(timing.serverAgain, timing.backoffMost);
    await sleep(clock, wait * (0.8 + random() * 0.4), signal);
  }
}

/** Empty: it does not say (a refusal, too); null: it did not answer. */
async function versionOf({ client, signal, timing }: ServerFactsOptions): Promise<string | null> {
  try {
    const { status, body } = await client.json('/version', { signal, answerWithin: timing.answerWithin });
    return status === 200 ? text(record(body).gitVersion) : '';
  } catch {
    return null;
  }
}

/** Null: discovery is refused; undefined: it did not answer. */
async function groupsOf({
  client,
  signal,
  timing,
}: ServerFactsOptions): Promise<readonly string[] | null | undefined> {
  try {
    const { status, body } = await client.json('/apis', { signal, answerWithin: timing.answerWithin });
    if (status !== 200) return null;
    const names = list(record(body).groups).map((group) => text(record(group).name));
    return [...new Set(names.filter((name) => name !== ''))].sort().slice(0, MOST_GROUPS);
  } catch {
    return;
  }
}
