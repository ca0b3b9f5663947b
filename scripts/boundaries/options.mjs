// TypeScript 7 has no JavaScript API: with its default parser dependency-cruiser would see no
// module at all and pass. check-boundaries.mjs therefore also asserts that every file was seen.
export const options = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '^\\.next/' },
  enhancedResolveOptions: {
    extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.cjs', '.json', '.css', '.d.ts'],
    exportsFields: ['exports'],
    conditionNames: ['types', 'import', 'require', 'node', 'default'],
    mainFields: ['types', 'module', 'main'],
  },
};
