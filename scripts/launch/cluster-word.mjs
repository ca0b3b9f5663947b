import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

const HEALS = 'The page says so too, and heals by itself.';

/** What to say of a cluster as /readyz has it; undefined while all is well. */
export function clusterWord(cluster) {
  const because = cluster?.reason ? `: ${cluster.reason.replace(/[\s.]+$/, '')}` : '';
  switch (cluster?.connection) {
    case 'live':
      return undefined;
    case 'unauthorized':
      return `The cluster refuses the credentials${because}. ${HEALS}`;
    case 'unreachable':
      return `The cluster cannot be reached${because}. ${HEALS}`;
    case 'stale':
      return `The cluster has stopped answering${because}. ${HEALS}`;
    default:
      return `The cluster has not answered yet${because}. ${HEALS}`;
  }
}

async function clusterOf(url) {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const { cluster, synced } = await response.json();
    // Where people sign in, strangers are told no more than whether the cluster was read.
    return cluster ?? (synced ? { connection: 'live' } : {});
  } catch {
    // The dashboard itself does not answer: its end is told elsewhere.
    return undefined;
  }
}

/** Says in one line if the cluster is not live after a moment; on standard error, as all progress. */
export async function tellCluster(url, { within = 3_000, tell = say } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const cluster = await clusterOf(url);
    const word = cluster && clusterWord(cluster);
    if (!word) return;
    if (Date.now() >= deadline) return tell(word);
    await sleep(200, undefined, { ref: false });
  }
}
