import { delimiter, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverFile } from './build.mjs';
import { worthTelling } from './early.mjs';
import { callerFolder } from './paths.mjs';
import { startProgram } from './processes.mjs';
import { Refusal } from './say.mjs';
import { serverFlags } from './server-flags.mjs';

const READY_WITHIN = 60_000;

/** The server changes its folder when it starts: paths that people gave must be whole before. */
const wholePaths = (list) =>
  list
    ?.split(delimiter)
    .map((path) => (path === '' ? path : resolve(callerFolder, path)))
    .join(delimiter);

/** The same of a history's file. */
const wholeDatabase = (url) => {
  const path = url?.startsWith('sqlite:') ? url.slice('sqlite:'.length) : '';
  return path === '' ? url : `sqlite:${resolve(callerFolder, path)}`;
};

function reachableUrl(host, port) {
  const any = host === '0.0.0.0' || host === '::';
  const name = any ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** @param {Record<string, string | undefined>} env */
export const listenHost = (env = process.env) =>
  env.HOST || (env.KUBERNETES_SERVICE_HOST ? '0.0.0.0' : '127.0.0.1');

async function answers(url) {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(url, child, said) {
  const deadline = Date.now() + READY_WITHIN;
  let ended;
  child.exited.then((end) => {
    ended = end;
  });
  while (!(await answers(url))) {
    if (ended)
      throw new Refusal(`${said()}The dashboard ended before it was ready (above).`, ended.code || 1);
    if (Date.now() > deadline)
      throw new Refusal(`${said()}The dashboard did not answer ${url}/readyz in time.`);
    await sleep(100);
  }
}

/** Starts the built dashboard and waits until it answers. What it says later goes to standard error. */
export async function startDashboard(node, { host, port, env = {} }) {
  const url = reachableUrl(host, port);
  const kubeconfig = env.KUBECONFIG ?? wholePaths(process.env.KUBECONFIG);
  const child = startProgram(node, [...serverFlags, serverFile], {
    env: {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      HOSTNAME: host,
      HOST: host,
      PORT: String(port),
      DATABASE_URL: wholeDatabase(process.env.DATABASE_URL),
      ...env,
      KUBECONFIG: kubeconfig,
    },
  });
  let early = '';
  let earlyLog = '';
  let ready = false;
  const hear = (chunk) => {
    if (ready) process.stderr.write(chunk);
    else early += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    hear(chunk);
    if (!ready) earlyLog += chunk;
  });
  await waitUntilReady(url, child, () => early);
  ready = true;
  process.stderr.write(worthTelling(earlyLog));
  return { url, child };
}
