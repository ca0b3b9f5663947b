/** Recognises databases and the like behind a Service: by port and by a second sign, because ports alone are weak (CHECKS trap 27). */
import { parseImage } from '@/lib/controllers/image';
import type { Pod, Service, ServicePort } from '@/lib/kube/objects';

export interface DataStore {
  readonly product: string;
  /** Words of names and images. */
  readonly words: readonly string[];
  readonly port: number;
  /** Speaks HTTP itself. */
  readonly http: boolean;
}

function row(product: string, port: number, words: string, http = false): DataStore {
  return { product, port, words: words.split(' '), http };
}

/** Ports as CHECKS `db-exposed-via-ingress` has them. */
export const DATA_STORES: readonly DataStore[] = [
  row('PostgreSQL', 5432, 'postgres postgresql pgsql psql timescaledb pgbouncer'),
  row('MySQL', 3306, 'mysql mariadb percona'),
  row('SQL Server', 1433, 'mssql sqlserver'),
  row('Oracle', 1521, 'oracle oracledb'),
  row('MongoDB', 27017, 'mongo mongodb'),
  row('Redis', 6379, 'redis valkey keydb dragonfly'),
  row('Cassandra', 9042, 'cassandra scylla scylladb'),
  row('Elasticsearch', 9200, 'elasticsearch opensearch elastic', true),
  row('CouchDB', 5984, 'couchdb', true),
  row('Memcached', 11211, 'memcached memcache'),
  row('etcd', 2379, 'etcd'),
  row('Neo4j', 7687, 'neo4j'),
  row('ArangoDB', 8529, 'arangodb arango', true),
  row('CockroachDB', 26257, 'cockroach cockroachdb'),
  row('Kafka', 9092, 'kafka redpanda'),
  row('RabbitMQ', 5672, 'rabbitmq'),
];

/** Helpers beside a database speak of it without being it. */
const HELPERS = /^(exporter|operator|admin|ui|web|console|dashboard|metrics|backup|connect|rest)$/;

function words(text: string): readonly string[] {
  return text.toLowerCase().split(/[^a-z0-9]+/);
}

function speaksOf({ words: wanted }: DataStore, text: string): boolean {
  const said = words(text);
  if (said.some((word) => HELPERS.test(word))) return false;
  return said.some((word) => wanted.some((name) => word === name || word.replace(/\d+$/, '') === name));
}

export interface ExposedStore {
  readonly store: DataStore;
  readonly port: ServicePort;
  /** The second sign, in words. */
  readonly sign: string;
}

/** Numbers under which a port of a Service may be known: its own and its target's. */
function numbersOf(port: ServicePort, pods: readonly Pod[]): readonly number[] {
  const { targetPort } = port;
  if (typeof targetPort === 'number') return [port.port, targetPort];
  const named = pods
    .flatMap(({ containers }) => containers.flatMap(({ ports }) => ports))
    .find(({ name }) => name === targetPort);
  return named ? [port.port, named.port] : [port.port];
}

function signOf(store: DataStore, service: Service, port: ServicePort, pods: readonly Pod[]): string | null {
  const image = pods
    .flatMap(({ containers }) => containers.map((container) => container.image))
    .find((name) => speaksOf(store, parseImage(name).base));
  if (image !== undefined) return `image ${image}`;
  if (speaksOf(store, service.name)) return `name ${service.name}`;
  if (speaksOf(store, port.name)) return `port name ${port.name}`;
  const label = service.labels['app.kubernetes.io/name'] ?? service.selector?.app ?? '';
  return speaksOf(store, label) ? `label ${label}` : null;
}

const WEB_NAME = /^(https?\d*|web|websecure|grpc|api)$/;

/** Whether a port may be a data store's at all: only then it is worth looking at pods. */
export function mayBeStore({ port, targetPort }: ServicePort): boolean {
  if (typeof targetPort === 'string' && !WEB_NAME.test(targetPort)) return true;
  return DATA_STORES.some((store) => store.port === port || store.port === targetPort);
}

/** The data store that a port of a Service leads to; null: none, or it is not certain. */
export function storeBehind(service: Service, port: ServicePort, pods: readonly Pod[]): ExposedStore | null {
  const numbers = numbersOf(port, pods);
  for (const store of DATA_STORES) {
    if (!numbers.includes(store.port)) continue;
    const sign = signOf(store, service, port, pods);
    if (sign !== null) return { store, port, sign };
  }
  return null;
}
