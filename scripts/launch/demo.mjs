import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { tellCluster } from './cluster-word.mjs';
import { listenHost, startDashboard } from './dashboard.mjs';
import { ensureInstalled } from './install.mjs';
import { pickNode } from './node.mjs';
import { choosePort } from './ports.mjs';
import { stopAll, stopRequested } from './processes.mjs';
import { askSandbox, startSandbox } from './sandbox.mjs';
import { Refusal } from './say.mjs';
import { SNAPSHOT_HELP, showSnapshot, snapshotOf } from './snapshot.mjs';

function dashboardSettings({ kubeconfig, dns = [] }, folder) {
  const { ATLAS_SECRETS, LOG_LEVEL } = process.env;
  return {
    KUBECONFIG: kubeconfig,
    ...(dns.length > 0 ? { ATLAS_DNS_SERVERS: dns.join(',') } : {}),
    ATLAS_SECRETS: ATLAS_SECRETS ?? 'watch',
    LOG_LEVEL: LOG_LEVEL ?? 'warn',
    // Each demo has a history of its own: another cluster of the same name would not belong into it.
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    // These speak of the user's own cluster, or of the one that this machine is a pod of.
    ATLAS_CONTEXTS: undefined,
    KUBERNETES_SERVICE_HOST: undefined,
    KUBERNETES_SERVICE_PORT: undefined,
  };
}

function announcement({ url, sandboxUrl, kubeconfig, dns }, isDefault) {
  const lines = [
    '',
    'Ingress Atlas is watching the sandbox cluster.',
    '',
    `  Dashboard  ${url}`,
    `  Sandbox    ${sandboxUrl}  (buttons that break things and mend them)`,
    ...(dns.length > 0 ? [`  DNS        ${dns.join('  ')}`] : []),
    '',
    `  export KUBECONFIG=${kubeconfig}`,
  ];
  if (isDefault) lines.push('  kubectl scale deploy/wear -n shop --replicas=0');
  return [...lines, '', 'Ctrl-C stops everything.', ''].join('\n');
}

async function bringUp(args, node, folder) {
  const asJson = args.includes('--json');
  const sandboxArgs = args.filter((arg) => arg !== '--json');
  const host = listenHost();
  // Before the build: a port in use or an unreadable manifest should not take a minute to be told.
  const port = await choosePort({ host, mayMove: true });
  const sandbox = await startSandbox(node, sandboxArgs);
  await ensureBuilt(node);
  const dashboard = await startDashboard(node, { host, port, env: dashboardSettings(sandbox, folder) });
  const { kubeconfig, sandboxUrl, dns = [] } = sandbox;
  const answer = { url: dashboard.url, kubeconfig, sandboxUrl, dns, pid: process.pid };
  process.stdout.write(
    asJson ? `${JSON.stringify(answer)}\n` : announcement(answer, sandboxArgs.length === 0),
  );
  void tellCluster(dashboard.url);
  const { code } = await Promise.race([sandbox.child.exited, dashboard.child.exited]);
  throw new Refusal('A part of the demo ended unexpectedly (above).', code || 1);
}

/** The sandbox answers, but for what is no business of a cluster. */
async function answer(node, args) {
  const code = await askSandbox(node, args);
  if (code === 0 && args.includes('--help')) process.stdout.write(SNAPSHOT_HELP);
  return code;
}

export async function run(args) {
  await ensureInstalled();
  const node = pickNode();
  const stop = stopRequested().then(() => 0);
  const folder = mkdtempSync(join(tmpdir(), 'ingress-atlas-demo-'));
  try {
    const file = snapshotOf(args);
    const work = () => {
      if (file !== undefined) return showSnapshot(args, file, node);
      const isQuestion = args.some((arg) => ['--list', '--help'].includes(arg));
      return isQuestion ? answer(node, args) : bringUp(args, node, folder);
    };
    return await Promise.race([stop, work()]);
  } finally {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
