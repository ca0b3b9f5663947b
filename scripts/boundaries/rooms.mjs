// Who may import what: DESIGN.md's table as data. Both the rules of dependency-cruiser and
// ARCHITECTURE.md follow it; biome.json repeats the direct part of it for the editor's sake.

/**
 * `may`: other rooms; a room may always import itself.
 * `npm`: package names; absent = any. `node`: may use Node's own modules.
 */
export const rooms = [
  { room: 'lib/kube', may: [], npm: ['ipaddr.js'], node: false },
  { room: 'lib/state', may: ['lib/kube'], npm: [], node: false },
  { room: 'lib/controllers', may: ['lib/state', 'lib/kube'], npm: [], node: false },
  {
    room: 'lib/topology',
    may: ['lib/controllers', 'lib/state', 'lib/kube'],
    npm: ['ipaddr.js'],
    node: false,
  },
  {
    room: 'lib/routing',
    may: ['lib/topology', 'lib/controllers', 'lib/state', 'lib/kube'],
    npm: [],
    node: false,
  },
  {
    room: 'lib/diagnosis',
    may: ['lib/routing', 'lib/topology', 'lib/controllers', 'lib/state', 'lib/kube'],
    npm: ['ipaddr.js'],
    node: false,
  },
  // Texts for those who are learning.
  { room: 'lib/learn', may: [], npm: [], node: false },
  { room: 'lib/layout', may: ['lib/topology'], npm: [], node: false },
  { room: 'lib/picture', may: ['lib/layout', 'lib/topology'], npm: [], node: false },
  { room: 'lib/history', may: ['lib/topology'], npm: [], node: false },
  // What a viewer sees who may not see everything.
  {
    room: 'lib/access',
    may: ['lib/history', 'lib/diagnosis', 'lib/topology', 'lib/controllers', 'lib/state', 'lib/kube'],
    npm: [],
    node: false,
  },
  { room: 'lib/wire', may: ['lib/topology'], npm: ['zod'], node: false },
  {
    room: 'lib/snapshot',
    may: ['lib/wire', 'lib/picture', 'lib/diagnosis', 'lib/topology', 'lib/kube'],
    npm: [],
    node: false,
  },
  { room: 'components', may: ['lib'], node: false },
  { room: 'server', may: ['lib'], node: true },
  { room: 'sandbox', may: ['lib/kube'], node: true },
  { room: 'app', may: ['components', 'server', 'lib'], node: true },
  // Manifests are read, and run as a cluster would run them, by the sandbox.
  { room: 'cli', may: ['lib', 'server', 'sandbox'], node: true },
  { room: 'scripts', may: ['lib', 'server'], node: true },
  { room: 'bench', may: ['lib', 'server', 'sandbox', 'scripts'], node: true },
  // Browser tests start the sandbox in their own process, and share the hostile objects of the server's tests.
  { room: 'e2e', may: ['lib', 'scripts', 'sandbox', 'server'], node: true },
];

/** Paths that no chain of imports may join, however long: [from, to, why]. */
export const neverReaches = [
  ['components', 'server', 'what runs in the browser knows nothing of the server, not even its types'],
  ['lib', '(server|components|app|sandbox)', 'lib is pure: data in, data out'],
  ['server', '(components|app|sandbox)', 'the server does not draw, and meets the sandbox as any cluster'],
  ['app', 'sandbox', 'there is no demo branch in the dashboard'],
  ['sandbox', '(server|components|app)', 'the sandbox is a program of its own'],
];

/** Packages that only what draws may use. */
export const drawingPackages = ['react', 'react-dom', '@xyflow/react', '@base-ui/react', 'next'];

export const testFile = String.raw`(\.(test|itest)\.tsx?$|/testing/)`;
