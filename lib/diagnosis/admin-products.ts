/** Consoles of administration that are often put on the internet by mistake. */
import { parseImage } from '@/lib/controllers/image';

interface AdminProduct {
  readonly product: string;
  /** Words of names, hosts, paths and images. */
  readonly words: readonly string[];
  /** Asks for a login by itself, as installed. */
  readonly login: boolean;
  /** An ordinary word, which applications are called too: the image must say it. */
  readonly ordinary: boolean;
}

function row(product: string, login: boolean, words = product.toLowerCase(), ordinary = false): AdminProduct {
  return { product, login, words: words.split(' '), ordinary };
}

/** Whether a product asks for a login as its chart installs it, by its documentation. */
const PRODUCTS: readonly AdminProduct[] = [
  row('Kubernetes Dashboard', true, 'kubernetes-dashboard'),
  row('Argo CD', true, 'argocd argocd-server'),
  row('Grafana', true),
  row('Prometheus', false, 'prometheus prometheus-server prometheus-operated'),
  row('Alertmanager', false),
  row('Kibana', true),
  row('Jenkins', true),
  row('RabbitMQ management', true, 'rabbitmq-management rabbitmq'),
  row('phpMyAdmin', true),
  row('Adminer', true),
  row('pgAdmin', true, 'pgadmin pgadmin4'),
  row('Longhorn', false, 'longhorn longhorn-frontend longhorn-ui'),
  row('Kiali', true),
  row('Traefik dashboard', false, 'traefik-dashboard'),
  row('Vault', true, 'vault', true),
  row('Consul', false, 'consul consul-ui', true),
  row('MinIO console', true, 'minio minio-console'),
  row('Airflow', true, 'airflow airflow-webserver airflow-web'),
  row('MLflow', false, 'mlflow'),
  row('Jupyter', true, 'jupyter jupyterhub jupyterlab'),
  row('Ollama', false),
];

const PATHS = /^\/(actuator|debug\/pprof|metrics|nginx_status|admin|wp-admin)(\/|$|\()/;
/** Names that go with such a path. */
const PATH_NAMES = /(^|-)(admin|actuator|management|metrics|pprof|debug|status|wordpress|wp)(-|$)/;

export interface AdminEndpoint {
  readonly what: string;
  readonly login: boolean;
  readonly signs: readonly string[];
}

export interface AdminSigns {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly images: readonly string[];
}

const sameWord = (words: readonly string[], text: string) => words.includes(text);

/** A name made longer by its release: `my-grafana`, `grafana-main`. */
function names(words: readonly string[], text: string): boolean {
  return words.some((word) => text === word || text.startsWith(`${word}-`) || text.endsWith(`-${word}`));
}

function signsOf({ words }: AdminProduct, { host, path, service, images }: AdminSigns): readonly string[] {
  const image = images.find((name) => sameWord(words, parseImage(name).base));
  const first = path.split('/')[1] ?? '';
  return [
    ...(image === undefined ? [] : [`image ${image}`]),
    ...(names(words, service) ? [`Service ${service}`] : []),
    ...(names(words, host.split('.')[0] ?? '') ? [`host ${host}`] : []),
    ...(sameWord(words, first) ? [`path ${path}`] : []),
  ];
}

/** Any word of any product, from the start or to the end of a name: cheaper than asking each of them, for names of all rules. */
const ANY_WORD = (() => {
  const words = PRODUCTS.flatMap((product) => product.words).join('|');
  return new RegExp(`^(?:${words})(?:-|$)|-(?:${words})$`);
})();

/** Whether some sign is there at all, images apart: only then it is worth looking at pods. */
export function hasAdminSign({ host, path, service }: AdminSigns): boolean {
  const texts = [service, host.split('.')[0] ?? '', path.split('/')[1] ?? ''];
  return PATHS.test(path) || texts.some((text) => ANY_WORD.test(text));
}

/** The console that a rule leads to; null unless two signs agree. */
export function adminEndpoint(signs: AdminSigns): AdminEndpoint | null {
  for (const product of PRODUCTS) {
    const found = signsOf(product, signs);
    const told = !product.ordinary || found.some((sign) => sign.startsWith('image '));
    if (found.length > 1 && told) return { what: product.product, login: product.login, signs: found };
  }
  const byPath = PATHS.test(signs.path) && PATH_NAMES.test(signs.service);
  if (!byPath) return null;
  const login = /^\/(admin|wp-admin)/.test(signs.path);
  return { what: `the path ${signs.path}`, login, signs: [`path ${signs.path}`, `Service ${signs.service}`] };
}
