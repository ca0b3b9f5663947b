/*
 * What a list costs at the least: the same pages from the same server, each parsed whole, twelve fields of each object
 * kept. Plain Node runs it. `node bench/plain-list.ts SERVER CONCURRENCY PATH…` prints one JSON line.
 */
import { Agent, get } from 'node:http';

const [server = '', concurrency = '4', ...paths] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

interface Raw {
  readonly [key: string]: unknown;
}

interface List {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly Raw[];
}

function fetchText(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${server}${path}`, { agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(response.statusCode === 200 ? Buffer.concat(pieces).toString() : ''));
      response.on('error', reject);
    }).on('error', reject);
  });
}

function kept(raw: Raw): readonly unknown[] {
  const metadata = (raw.metadata ?? {}) as Raw;
  const spec = (raw.spec ?? {}) as Raw;
  const status = (raw.status ?? {}) as Raw;
  const { name, namespace, uid, creationTimestamp, labels, deletionTimestamp } = metadata;
  const ofSpec = [spec.nodeName, spec.selector, spec.ports ?? spec.rules];
  return [
    name,
    namespace,
    uid,
    creationTimestamp,
    labels,
    deletionTimestamp,
    ...ofSpec,
    status.phase,
    status.conditions,
    raw.endpoints,
  ];
}

const store = new Map<string, readonly unknown[]>();

async function listAll(path: string): Promise<void> {
  let token = '';
  do {
    const text = await fetchText(
      `${path}?limit=500${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`,
    );
    if (text === '') return;
    const { items, metadata } = JSON.parse(text) as List;
    for (const item of items) {
      const row = kept(item);
      store.set(`${path} ${String(row[1])}/${String(row[0])}`, row);
    }
    token = metadata.continue ?? '';
  } while (token !== '');
}

const began = performance.now();
const cpu = process.cpuUsage();
const waiting = [...paths];
const next = async (): Promise<void> => {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await listAll(path);
};
await Promise.all(Array.from({ length: Number(concurrency) }, next));
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, objects: store.size }));
process.exit(0);
