/** What a controller's command line says of TLS. Flags come from each product's documentation, named at its row. */
import type { Workload } from '@/lib/kube/objects';
import { type Arguments, readArguments, readBoolean, readText } from './arguments';
import type { ControllerType, RecognisedWorkload } from './types';

type ObjectName = `${string}/${string}`;

export interface TlsSettings {
  /** `NS/NAME` of the Secret that is served where a host has none of its own; null: there is none. */
  readonly defaultCertificate: ObjectName | null | 'unknown';
  /** Whether TLS may be passed through to pods; null: the product knows no such flag. */
  readonly passthrough: boolean | 'unknown' | null;
  /** `NS/NAME` of the ConfigMap with its settings; null: it reads none. */
  readonly configMap: ObjectName | null | 'unknown';
  /** Whether an entry point ends TLS for every host, whatever Ingresses say. */
  readonly tlsEverywhere: boolean | 'unknown';
}

type Read = (args: Arguments, workload: Workload) => TlsSettings;

const SILENT: TlsSettings = {
  defaultCertificate: null,
  passthrough: null,
  configMap: null,
  tlsEverywhere: false,
};
const UNREADABLE: TlsSettings = {
  defaultCertificate: 'unknown',
  passthrough: null,
  configMap: null,
  tlsEverywhere: 'unknown',
};

/** An object that a flag names: `NS/NAME`, or a bare name in the controller's own namespace. */
function named(args: Arguments, flag: string, namespace: string): ObjectName | null | 'unknown' {
  const reading = readText(args, flag);
  if (reading.state === 'unreadable') return 'unknown';
  if (reading.state === 'absent' || reading.value === '') return null;
  return reading.value.includes('/') ? (reading.value as ObjectName) : `${namespace}/${reading.value}`;
}

/** Traefik's flags hide what TLSStores, files and certificate resolvers hold: only without any of them there is nothing else. */
function traefik(args: Arguments): TlsSettings {
  const flags = [...args.flags.keys()];
  const others = flags.filter((flag) =>
    /^(providers\.(?!kubernetesingress)|certificatesresolvers\.|configfile)/.test(flag),
  );
  const configured = flags.some((flag) => flag.startsWith('providers.') || flag.startsWith('entrypoints.'));
  const tls = flags.some((flag) => /^entrypoints\.[^.]+\.http\.tls(\.|$)/.test(flag));
  const blind = !configured || flags.includes('configfile');
  return {
    ...SILENT,
    defaultCertificate: blind || others.length > 0 ? 'unknown' : null,
    tlsEverywhere: blind ? 'unknown' : tls,
  };
}

/** By product; those that are not named keep their certificates where we cannot look. */
const READ: Readonly<Partial<Record<ControllerType, Read>>> = {
  /** docs/user-guide/cli-arguments.md of v1.15. */
  'ingress-nginx': (args, { namespace }) => ({
    defaultCertificate: named(args, 'default-ssl-certificate', namespace),
    passthrough: readBoolean(args, 'enable-ssl-passthrough', false),
    configMap: named(args, 'configmap', namespace),
    tlsEverywhere: false,
  }),
  /** documentation/controller.md. */
  haproxytech: (args, { namespace }) => ({
    ...SILENT,
    defaultCertificate: named(args, 'default-ssl-certificate', namespace),
    configMap: named(args, 'configmap', namespace),
  }),
  /** docs/content/en/docs/configuration/command-line.md. */
  'haproxy-ingress': (args, { namespace }) => ({
    ...SILENT,
    defaultCertificate: named(args, 'default-ssl-certificate', namespace),
    configMap: named(args, 'configmap', namespace),
  }),
  /** Command-line arguments: the wildcard certificate stands in for TLS Secrets that a host lacks. */
  'f5-nginx': (args, { namespace }) => ({
    ...SILENT,
    defaultCertificate: named(args, 'wildcard-tls-secret', namespace),
    configMap: named(args, 'nginx-configmaps', namespace),
  }),
  traefik,
  /** A host without a valid Secret has no TLS virtual host (SEMANTICS 2.5). */
  contour: () => SILENT,
  gce: () => SILENT,
  'aws-alb': () => SILENT,
  agic: () => SILENT,
};

const readBefore = new WeakMap<Workload, TlsSettings>();

/** What is known of a recognised controller's TLS. */
export function tlsSettings(workload: Workload, recognised: RecognisedWorkload): TlsSettings {
  const before = readBefore.get(workload);
  if (before) return before;
  const container = workload.containers.find(({ image }) => image === recognised.image);
  const read = READ[recognised.type];
  const settings = container && read ? read(readArguments(workload, container), workload) : UNREADABLE;
  readBefore.set(workload, settings);
  return settings;
}
