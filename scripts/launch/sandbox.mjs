import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { at, callerFolder } from './paths.mjs';
import { startProgram } from './processes.mjs';
import { Refusal } from './say.mjs';

export const tsx = pathToFileURL(at('node_modules/tsx/dist/loader.mjs')).href;

/** tsx reads the tsconfig of the folder it is called in, which is the caller's, not ours. */
export const tsxEnvironment = { TSX_TSCONFIG_PATH: at('tsconfig.json') };

function start(node, args, stdio) {
  return startProgram(node, ['--import', tsx, at('sandbox/main.ts'), ...args], {
    cwd: callerFolder,
    env: tsxEnvironment,
    stdio,
  });
}

/** Questions that the sandbox answers and is done with (`--list`, `--help`). */
export async function askSandbox(node, args) {
  const { code } = await start(node, args, ['inherit', 'inherit', 'inherit']).exited;
  return code;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Starts the sandbox cluster; answers where it is once it serves. */
export async function startSandbox(node, args) {
  const fromStandardInput = args.includes('-');
  const child = start(
    node,
    ['--json', ...args],
    [fromStandardInput ? 'inherit' : 'ignore', 'pipe', 'inherit'],
  );
  const ready = new Promise((done) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = parsed(line);
      if (answer?.kubeconfig) done(answer);
      else process.stderr.write(`${line}\n`);
    });
  });
  const ended = child.exited.then(({ code }) => {
    throw new Refusal('The sandbox cluster did not start (above).', code || 1);
  });
  const answer = await Promise.race([ready, ended]);
  // From here on its end is awaited elsewhere.
  ended.catch(() => undefined);
  return { ...answer, child };
}
