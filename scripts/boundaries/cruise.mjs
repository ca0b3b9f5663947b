import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { options } from './options.mjs';
import { forbidden } from './rules.mjs';
import { typeImportExpressions } from './type-imports.mjs';

const source = /\.(ts|tsx|mts|mjs)$/;
const skipped = new Set(['node_modules', '.next', '.git', 'coverage', 'test-results', 'playwright-report']);

/** Every source file below `root`, as a path relative to it. */
export function sourceFiles(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(root, path);
    const isSource = source.test(entry.name) && entry.name !== 'next-env.d.ts';
    return isSource ? [relative(root, path).split(sep).join('/')] : [];
  });
}

/** The broken rules of a source tree, and the files that the parser did not see although they exist. */
export async function checkTree(root) {
  const files = sourceFiles(root);
  const { output } = await cruise(
    files,
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden } },
    { ...options.enhancedResolveOptions, alias: { '@': root } },
  );
  const seen = new Set(output.modules.map((module) => module.source));
  return {
    files: files.length,
    modules: output.modules.length,
    dependencies: output.summary.totalDependenciesCruised,
    unseen: files.filter((file) => !seen.has(file)),
    violations: [...output.summary.violations.map(plain), ...typeImportExpressions(root, files)],
  };
}

function plain({ rule, from, to, via, cycle }) {
  const why = forbidden.find(({ name }) => name === rule.name)?.comment;
  return { rule: rule.name, why, from, to, via: (via ?? cycle ?? []).map(({ name }) => name) };
}
