import 'server-only';
import { accessSync, constants } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** What may stand in the setting; for messages. */
export const DATABASE_ALLOWED =
  'sqlite:PATH (one file), postgres://USER:PASSWORD@HOST:PORT/NAME (for several replicas), or off (nothing is kept)';

/** Where the chart mounts a volume. */
const CLUSTER_FOLDER = '/data';
const FILE = 'history.sqlite';

/** The setting as the recorder takes it: paths whole. null: it is none. */
export function parseDatabaseUrl(text: string): string | null {
  if (text === 'off') return text;
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    return path === '' || path.startsWith('//') || path.includes('\0') ? null : `sqlite:${resolve(path)}`;
  }
  if (!/^postgres(ql)?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return null;
  const { hostname, pathname } = new URL(text);
  return hostname !== '' && pathname.length > 1 ? text : null;
}

/** Where history goes when nothing is said: a volume in a cluster, the user's folder for such things elsewhere. */
export function defaultDatabaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  if (env.KUBERNETES_SERVICE_HOST) {
    if (isWritable(CLUSTER_FOLDER)) return `sqlite:${join(CLUSTER_FOLDER, FILE)}`;
    return `off:${CLUSTER_FOLDER} cannot be written: mount a volume there, or set DATABASE_URL`;
  }
  const folder = stateFolder(env);
  if (folder === null) return 'off:there is no home folder to keep history in: set DATABASE_URL';
  return `sqlite:${join(folder, 'ingress-atlas', FILE)}`;
}

function stateFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  // By its specification a relative one does not count.
  if (env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)) return env.XDG_STATE_HOME;
  if (process.platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  const home = env.HOME || env.USERPROFILE;
  return home && isAbsolute(home) ? join(home, '.local', 'state') : null;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
