// What every npm script runs: plain ESM without dependencies, because it is what installs them.
import { checkNode } from './launch/node.mjs';
import { Refusal, say } from './launch/say.mjs';

const commands = {
  demo: () => import('./launch/demo.mjs'),
  start: () => import('./launch/start.mjs'),
  verify: () => import('./launch/verify.mjs'),
  test: () => import('./launch/test.mjs'),
  check: () => import('./launch/program.mjs'),
  bench: () => import('./launch/program.mjs'),
  'docs:checks': () => import('./launch/program.mjs'),
  'docs:rbac': () => import('./launch/program.mjs'),
  manifests: () => import('./launch/program.mjs'),
  'docs:sizing': () => import('./launch/program.mjs'),
  'audit:deps': () => import('./launch/program.mjs'),
};

const [name = '', ...args] = process.argv.slice(2);

try {
  checkNode();
  const load = commands[name];
  if (!load) throw new Refusal(`Unknown command "${name}": one of ${Object.keys(commands).join(', ')}.`);
  const { run } = await load();
  process.exitCode = (await run(args, name)) ?? 0;
} catch (error) {
  // A refusal is an answer (one line, what to do); anything else is a fault of ours and keeps its stack.
  say(error instanceof Refusal ? error.message : error.stack);
  process.exitCode = error instanceof Refusal ? error.exitCode : 1;
}
