import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFile } from './rooms.mjs';

// `import('x').Name` and `typeof import('x')` in a type: the parser passes over them, so that they
// could carry a type across any boundary. The same is said with `import type`, which is seen.
const typeImport = /\bimport\(\s*(['"])([^'"]+)\1\s*\)\s*\.\s*[A-Z]|\btypeof\s+import\(\s*(['"])([^'"]+)\3/g;
const exempt = new RegExp(testFile);

export function typeImportExpressions(root, files) {
  return files
    .filter((file) => /\.tsx?$/.test(file) && !exempt.test(file))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(typeImport)].map((match) => ({
        rule: 'no-type-import-expressions',
        why: 'Write `import type { … }`: the boundary checks do not see an import inside a type.',
        from: file,
        to: match[2] ?? match[4],
        via: [],
      })),
    );
}
