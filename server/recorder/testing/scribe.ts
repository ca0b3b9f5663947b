/*
 * A process that records as fast as it can and says what has been acknowledged, to be killed: URL, seed, epoch and first
 * time (epoch ms) are its arguments. What it records follows from the seed: `publishedBy` says the same again.
 */
import { patchPieces } from '@/lib/topology/partition/part';
import { split } from '@/lib/topology/partition/split';
import { drain } from '@/lib/topology/slices';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { bytesOf } from '@/server/recorder/message-body';
import { type FromWorker, HEAD, type ToWorker } from '@/server/recorder/messages';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';
import { Service } from '@/server/recorder/worker/service';

/** So many changes are published at once. */
export const CHANGES = 6;
/** Time goes on by so much with each version, ms. */
export const TICK_MS = 10;
const AHEAD = 40;

const [url = '', seed = '1', epoch = '', start = '0'] = process.argv.slice(2);

if (url !== '') record();

function record(): void {
  const cluster = new RandomCluster(Number(seed));
  const options = { url, retention: DEFAULT_RETENTION, cluster: 'test', batchMs: 1, chapterFrames: 12 };
  const service: Service = new Service(options, take);
  let version = 0;
  let done = 0;

  const head = () => {
    const takenAt = new Date(Number(start) + version * TICK_MS).toISOString();
    return { epoch, version, takenAt, summary: { version }, coverage: [], cluster: { id: 'test' } };
  };
  const parts = () => {
    const delta = cluster.step(CHANGES);
    const found = drain(split(delta, cluster.before));
    return [...found].map(([part, patch]) => [part, [...patchPieces(patch)].join('')] as const);
  };
  const common = () => ({
    run: 1,
    at: Number(start) + version * TICK_MS,
    epoch,
    version,
    bytes: 1,
  });

  function begin(): void {
    const post = (message: ToWorker) => service.handle(message);
    post({ type: 'run', run: 1 });
    for (const [part, text] of parts()) post({ type: 'key', run: 1, part, text, last: true, bytes: 0 });
    post({ type: 'keyed', ...common(), head: JSON.stringify(head()), open: [], gap: null });
  }

  function more(): void {
    while (version < done + AHEAD) {
      version++;
      const body = bytesOf([[HEAD, JSON.stringify(head())], ...parts()]);
      service.handle({ type: 'delta', ...common(), ...body });
    }
  }

  function take(message: FromWorker): void {
    if (message.type === 'lead' && message.leading) begin();
    if (message.type !== 'done' || message.version === null) return;
    done = message.version;
    process.stdout.write(`${done}\n`);
    more();
  }
}
