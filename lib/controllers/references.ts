/** What else a controller's arguments refer to: its default backend and its default certificate. */
import type { Workload } from '@/lib/kube/objects';
import { readText } from './arguments';
import { controllerContainer } from './config-maps';
import { recogniseWorkload } from './registry';
import type { ControllerType } from './types';

/** A flag that names an object, as `NS/NAME`. */
export interface FlagRef {
  /** As written, with dashes. */
  readonly flag: string;
  readonly key: string;
}

type Flags = Readonly<Partial<Record<ControllerType, string>>>;

/** ingress-nginx pkg/flags/flags.go; haproxytech pkg/utils/flags.go; jcmoraisjr pkg/controller/config/options.go. */
const DEFAULT_BACKEND: Flags = {
  'ingress-nginx': 'default-backend-service',
  haproxytech: 'default-backend-service',
  'haproxy-ingress': 'default-backend-service',
};
const DEFAULT_CERTIFICATE: Flags = {
  'ingress-nginx': 'default-ssl-certificate',
  'f5-nginx': 'default-server-tls-secret',
  haproxytech: 'default-ssl-certificate',
  'haproxy-ingress': 'default-ssl-certificate',
};

function reference(workload: Workload, flags: Flags): FlagRef | null {
  const type = recogniseWorkload(workload)?.type;
  const flag = type === undefined ? undefined : flags[type];
  const own = flag === undefined ? null : controllerContainer(workload);
  if (flag === undefined || !own) return null;
  const reading = readText(own.args, flag);
  if (reading.state !== 'set' || !/^[^/]+\/[^/]+$/.test(reading.value)) return null;
  return { flag: `--${flag}`, key: reading.value };
}

/** The Service that answers where no rule matches; null where there is none, or the flag cannot be read. */
export function defaultBackendRef(workload: Workload): FlagRef | null {
  return reference(workload, DEFAULT_BACKEND);
}

/** The Secret with the certificate for hosts without one; null where there is none, or the flag cannot be read. */
export function defaultCertificateRef(workload: Workload): FlagRef | null {
  return reference(workload, DEFAULT_CERTIFICATE);
}
