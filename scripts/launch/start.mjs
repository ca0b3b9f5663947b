import { ensureBuilt } from './build.mjs';
import { tellCluster } from './cluster-word.mjs';
import { listenHost, startDashboard } from './dashboard.mjs';
import { ensureInstalled } from './install.mjs';
import { pickNode } from './node.mjs';
import { choosePort } from './ports.mjs';
import { stopAll, stopRequested } from './processes.mjs';
import { Refusal } from './say.mjs';

/** `--context NAME`, also several times or as `--context=NAME`. */
export function contextsOf(args) {
  const names = [];
  for (let index = 0; index < args.length; index += 1) {
    const [flag, inline] = args[index].split(/=(.*)/s);
    const name = inline ?? args[index + 1];
    if (flag !== '--context')
      throw new Refusal(`Unknown argument "${args[index]}": start takes --context NAME.`);
    if (!name) throw new Refusal('--context needs the name of a context of the kubeconfig.');
    names.push(name);
    if (inline === undefined) index += 1;
  }
  return names;
}

async function bringUp(node, contexts) {
  const host = listenHost();
  const port = await choosePort({ host, mayMove: false });
  await ensureBuilt(node);
  const env = contexts.length > 0 ? { ATLAS_CONTEXTS: contexts.join(',') } : {};
  const { url, child } = await startDashboard(node, { host, port, env });
  process.stdout.write(`\nIngress Atlas: ${url}\nCtrl-C stops it.\n\n`);
  void tellCluster(url);
  const { code } = await child.exited;
  throw new Refusal('The dashboard ended unexpectedly (above).', code || 1);
}

export async function run(args) {
  const contexts = contextsOf(args);
  await ensureInstalled();
  const node = pickNode();
  const stop = stopRequested().then(() => 0);
  try {
    return await Promise.race([stop, bringUp(node, contexts)]);
  } finally {
    await stopAll();
  }
}
