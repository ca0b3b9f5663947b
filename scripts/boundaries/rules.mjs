import { drawingPackages, neverReaches, rooms, testFile } from './rooms.mjs';

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const inPackages = (names) => `node_modules/(${names.map(literal).join('|')})(/|$)`;
const roomNames = rooms.map(({ room }) => room);

/** A room may import itself and what its row lists; nothing else of this repository. */
function roomRule({ room, may }) {
  const allowed = [room, ...may].map((name) => `^${literal(name)}/`);
  return {
    name: `${room}-imports`,
    comment: `${room} may import ${may.join(', ') || 'nothing of this repository but itself'}.`,
    severity: 'error',
    from: { path: `^${literal(room)}/`, pathNot: testFile },
    to: {
      pathNot: [...allowed, 'node_modules/', '^package\\.json$'],
      dependencyTypesNot: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'],
      couldNotResolve: false,
    },
  };
}

function packageRule({ room, npm }) {
  return {
    name: `${room}-packages`,
    comment: `${room} may use ${npm.join(', ') || 'no package'}.`,
    severity: 'error',
    from: { path: `^${literal(room)}/`, pathNot: testFile },
    to: { path: 'node_modules/', pathNot: npm.length > 0 ? inPackages(npm) : undefined },
  };
}

function builtInRule({ room }) {
  return {
    name: `${room}-no-node`,
    comment: `${room} also runs in the browser: no modules of Node.`,
    severity: 'error',
    from: { path: `^${literal(room)}/`, pathNot: testFile },
    to: { dependencyTypes: ['core'] },
  };
}

function reachRule([from, to, why]) {
  return {
    name: `${from}-never-reaches-${to.replace(/[()]/g, '').replaceAll('|', '-')}`,
    comment: why,
    severity: 'error',
    from: { path: `^${from}/`, pathNot: testFile },
    to: { path: `^${to}/`, reachable: true },
  };
}

const production = '^(app|components|lib|server|sandbox|cli|scripts/launch)/|^(instrumentation|proxy)\\.ts$';

const general = [
  {
    name: 'known-room',
    comment: 'Every file of lib stands in one of its rooms: without a room no rule would hold it.',
    severity: 'error',
    from: {
      path: '^lib/',
      pathNot: roomNames.filter((name) => name.startsWith('lib/')).map((name) => `^${literal(name)}/`),
    },
    to: {},
  },
  {
    name: 'no-tests-in-production',
    comment: 'What ships never needs what tests.',
    severity: 'error',
    from: { path: production, pathNot: testFile },
    to: { path: [testFile, '^e2e/', '^bench/'] },
  },
  {
    name: 'no-dev-packages-in-production',
    comment: 'A package that production code imports belongs to "dependencies".',
    severity: 'error',
    from: { path: production, pathNot: testFile },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
  },
  {
    name: 'tests-stay-in-their-half',
    comment: 'Tests of lib may use Node and packages, but no server and nothing that draws.',
    severity: 'error',
    from: { path: `^lib/.*${testFile}` },
    to: { path: '^(server|components|app)/' },
  },
  {
    name: 'server-does-not-draw',
    comment: 'React and Next belong to components and app.',
    severity: 'error',
    from: { path: '^(server|sandbox|cli)/', pathNot: testFile },
    to: { path: inPackages(drawingPackages) },
  },
  {
    name: 'launcher-without-packages',
    comment: 'The launcher runs before anything is installed.',
    severity: 'error',
    from: { path: '^scripts/(launch/|[^/]*launch\\.mjs$)', pathNot: testFile },
    to: { path: 'node_modules/|^(app|components|lib|server|sandbox|cli)/' },
  },
  {
    name: 'no-cycles',
    comment: 'A cycle means that two files are one file, or that a third is missing.',
    severity: 'error',
    from: { pathNot: 'node_modules/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'resolvable',
    comment: 'An import that cannot be resolved escapes every other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export const forbidden = [
  ...rooms.map(roomRule),
  ...rooms.filter(({ npm }) => npm !== undefined).map(packageRule),
  ...rooms.filter(({ node }) => !node).map(builtInRule),
  ...neverReaches.map(reachRule),
  ...general,
];
