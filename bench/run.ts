/*
 * The benchmarks: `npm run bench -- [--only sync,memory,latency,churn,browser,checks,recorder] [--quick] [--server FOLDER]`.
 * Takes the production build of this folder (or another one) and the sandbox cluster; JSON goes to bench/results.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBrowser } from './figures/browser';
import { measureChecks } from './figures/checks';
import { measureChurn } from './figures/churn';
import { measureLatency } from './figures/latency';
import { measureMemory } from './figures/memory';
import { measureRecorder } from './figures/recorder';
import type { Setup } from './figures/setup';
import { measureSync } from './figures/sync';
import { ROOT } from './measure/processes';
import { noiseWarning, type Result, table, writeResult } from './measure/report';
import { FULL, SMALL, TENTH, WIDE } from './measure/sizes';

const BENCHES: Readonly<Record<string, (setup: Setup) => Promise<Result>>> = {
  sync: measureSync,
  memory: measureMemory,
  latency: measureLatency,
  churn: measureChurn,
  browser: measureBrowser,
  checks: measureChecks,
  recorder: measureRecorder,
};
const LETTERS: Readonly<Record<string, string>> = {
  a: 'sync',
  b: 'memory',
  c: 'latency',
  d: 'churn',
  e: 'browser',
  f: 'checks',
  g: 'recorder',
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(BENCHES).join(',') },
    quick: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    server: { type: 'string', default: join(ROOT, '.next/standalone') },
  },
});

const wanted = values.only.split(',').map((name) => LETTERS[name] ?? name);
const wrong = wanted.find((name) => !BENCHES[name]);
if (wrong !== undefined) {
  console.error(
    `--only ${wrong}: choose of ${Object.keys(BENCHES).join(', ')} (or ${Object.keys(LETTERS).join(', ')})`,
  );
  process.exit(1);
}

const setup: Setup = {
  folder: resolve(values.server),
  sizes: values.small ? TENTH : FULL,
  tenth: values.small ? SMALL : TENTH,
  wide: values.small ? TENTH : WIDE,
  quick: values.quick,
};
const results: Result[] = [];
for (const bench of wanted) {
  console.error(`bench: ${bench} …`);
  const result = await BENCHES[bench]?.(setup);
  if (!result) continue;
  const name = `${result.name}${values.small ? '-small' : ''}${values.quick ? '-quick' : ''}`;
  results.push(result);
  console.error(`bench: ${writeResult({ ...result, name }, new Date())}`);
}
console.log(table(results));
const warning = noiseWarning();
if (warning !== '') console.log(`\n${warning}`);
process.exit(0);
