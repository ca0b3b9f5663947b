import { resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { listenHost, startDashboard } from './dashboard.mjs';
import { at, callerFolder } from './paths.mjs';
import { choosePort } from './ports.mjs';
import { runCaptured } from './processes.mjs';
import { tsx, tsxEnvironment } from './sandbox.mjs';
import { Refusal } from './say.mjs';

/** Said by `demo --help` after what the sandbox takes. */
export const SNAPSHOT_HELP = `
Without any cluster:

  demo --snapshot FILE       the dashboard on an exported snapshot
`;

/** The file of `--snapshot FILE`; undefined where that is not asked for. */
export function snapshotOf(args) {
  const index = args.findIndex((arg) => arg === '--snapshot' || arg.startsWith('--snapshot='));
  if (index < 0) return undefined;
  const inline = args[index].includes('=');
  const file = inline ? args[index].slice('--snapshot='.length) : args[index + 1];
  if (!file) throw new Refusal('--snapshot needs the path of an exported snapshot.');
  const others = args.filter((arg, i) => arg !== '--json' && i !== index && (inline || i !== index + 1));
  if (others.length > 0)
    throw new Refusal(`--snapshot shows a file by itself; it does not go together with "${others[0]}".`);
  return resolve(callerFolder, file);
}

/** Before the build: that a file is no snapshot should not take a minute to be told. */
async function check(node, file) {
  const args = ['--conditions=react-server', '--import', tsx, at('scripts/read-snapshot.ts'), file];
  const { code, output } = await runCaptured(node, args, { env: tsxEnvironment });
  if (code !== 0) throw new Refusal(output.trim());
}

/** Shows an exported snapshot; no cluster is started, and none is asked. */
export async function showSnapshot(args, file, node) {
  const host = listenHost();
  const port = await choosePort({ host, mayMove: true });
  await check(node, file);
  await ensureBuilt(node);
  const { url, child } = await startDashboard(node, {
    host,
    port,
    env: {
      ATLAS_SNAPSHOT_FILE: file,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
      // These speak of a cluster.
      ATLAS_CONTEXTS: undefined,
      KUBERNETES_SERVICE_HOST: undefined,
      KUBERNETES_SERVICE_PORT: undefined,
    },
  });
  const answer = { url, kubeconfig: null, sandboxUrl: null, dns: [], pid: process.pid };
  process.stdout.write(
    args.includes('--json')
      ? `${JSON.stringify(answer)}\n`
      : `\nIngress Atlas shows the snapshot ${file}.\n\n  ${url}/s/file\n\nCtrl-C stops it.\n\n`,
  );
  const { code } = await child.exited;
  throw new Refusal('The dashboard ended unexpectedly (above).', code || 1);
}
