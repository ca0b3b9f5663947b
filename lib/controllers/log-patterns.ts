/**
 * What controllers complain of in their logs: CHECKS section 2, tables A to F. Wording changes between minor versions, so
 * the stable beginning is matched, and only in lines of the shape that the controller itself writes: an access log quotes
 * what strangers ask for.
 */
import type { ControllerType } from './types';

/** Which finding a complaint belongs to. */
export type LogFamily =
  | 'reload-failed'
  /** No complaint: what was rejected before is live now. */
  | 'reload-done'
  | 'config-rejected'
  | 'missing-backend'
  | 'no-endpoints'
  | 'tls-fallback'
  | 'upstream-error'
  | 'ingress-ignored';

/** What the captured name is. */
export type LogObject = 'service' | 'secret' | 'ingress' | 'host' | 'address' | 'none';

export interface LogPattern {
  readonly id: string;
  readonly family: LogFamily;
  readonly types: readonly ControllerType[];
  readonly object: LogObject;
  /** Against the line without the kubelet's timestamp; its group `o` is the object. */
  readonly match: RegExp;
}

/** Beginnings of lines that a program writes itself, by how it logs. */
const SHAPES = {
  klog: '^[IWEF]\\d{4} \\d\\d:\\d\\d:\\d\\d[^\\]]{0,120}\\] ',
  nginx: '^(?:nginx: |\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d )\\[(?:warn|error|crit|alert|emerg)\\] ',
  /** logrus, zerolog (text and JSON), zap (JSON) at warning or worse. */
  levelled:
    '^(?:time="[^"]*" level=(?:warning|warn|error)|\\{"level":"(?:warn|warning|error)"|\\S{10,35} (?:ERR|WRN) )',
  /** `2026/11/23 14:01:58 ERROR   file.go:12 …` */
  dated: '^\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d (?:WARNING|ERROR) ',
} as const;

/** `ns/name`; any quoting, since programs differ and JSON escapes. */
const NAME = '[\\w.-]{1,253}';
const PAIR = `(?<o>${NAME}/${NAME})`;
const QUOTE = '[\\\\"\'`]{0,3}';

type Row = readonly [id: string, family: LogFamily, object: LogObject, text: string];

function rows(
  types: readonly ControllerType[],
  shape: keyof typeof SHAPES,
  table: readonly Row[],
): readonly LogPattern[] {
  return table.map(([id, family, object, text]) => ({
    id: `${types[0]}/${id}`,
    family,
    types,
    object,
    match: new RegExp(`${SHAPES[shape]}.{0,300}?${text}`),
  }));
}

const quoted = `${QUOTE}${PAIR}${QUOTE}`;

/** kubernetes/ingress-nginx v1.15.1: internal/ingress/controller/{controller,nginx,store/store}.go. */
const INGRESS_NGINX = rows(['ingress-nginx'], 'klog', [
  ['reload', 'reload-failed', 'none', 'Error reloading NGINX'],
  ['reload-backend', 'reload-failed', 'none', 'Unexpected failure reloading the backend'],
  ['reconfigure', 'reload-failed', 'none', 'Unexpected failure reconfiguring NGINX'],
  ['dynamic', 'reload-failed', 'none', 'Dynamic reconfiguration failed'],
  ['reloaded', 'reload-done', 'none', 'Backend successfully reloaded'],
  ['invalid', 'config-rejected', 'ingress', `received invalid ingress.{0,80}?ingress=${quoted}`],
  ['skipping', 'config-rejected', 'ingress', `skipping ingress.{0,80}?ingress=${quoted}`],
  ['snippets', 'config-rejected', 'none', 'annotation cannot be used\\. Snippet directives are disabled'],
  ['risky', 'config-rejected', 'none', 'annotation contains invalid word'],
  ['path-type', 'config-rejected', 'none', 'cannot be used with pathType'],
  ['paths', 'config-rejected', 'none', 'ingress contains invalid paths'],
  ['service', 'missing-backend', 'service', `Error obtaining Service ${quoted}`],
  ['service-endpoints', 'missing-backend', 'service', `Error obtaining Endpoints for Service ${quoted}`],
  ['default-backend', 'missing-backend', 'service', `Error getting default backend ${quoted}`],
  ['port-name', 'missing-backend', 'service', `service ${quoted} does not have a port named`],
  ['stream', 'missing-backend', 'none', 'Invalid Service reference'],
  ['endpoints', 'no-endpoints', 'service', `Service ${quoted} does not have any active Endpoint`],
  ['certificate', 'tls-fallback', 'secret', `Error getting SSL certificate ${quoted}`],
  [
    'certificate-invalid',
    'tls-fallback',
    'secret',
    `Secret ${quoted} does not contain a valid SSL certificate`,
  ],
  [
    'certificate-host',
    'tls-fallback',
    'secret',
    `SSL certificate ${quoted} does not contain a Common Name or Subject Alternative Name for server`,
  ],
  ['certificate-validate', 'tls-fallback', 'secret', `Unexpected error validating SSL certificate ${quoted}`],
  [
    'class',
    'ingress-ignored',
    'ingress',
    `Ignoring ingress because of error while validating ingress class.{0,40}?ingress=${quoted}`,
  ],
  [
    'class-removed',
    'ingress-ignored',
    'ingress',
    `removing ingress because of unknown ingressclass.{0,40}?ingress=${quoted}`,
  ],
]);

/** The nginx below it, and its Lua (rootfs/etc/nginx/lua/{balancer,certificate}.lua); F5's nginx says the same. */
const NGINX = rows(['ingress-nginx', 'f5-nginx', 'kong'], 'nginx', [
  ['emerg', 'reload-failed', 'none', '(?<=\\[emerg\\] .{0,40})\\S'],
  ['no-peer', 'no-endpoints', 'none', 'no peer was returned, balancer:'],
  [
    'fake-certificate',
    'tls-fallback',
    'host',
    `certificate not found, falling back to fake certificate for hostname: ${QUOTE}(?<o>${NAME})`,
  ],
  ...upstream('refused', 'connect\\(\\) failed \\(111: [^)]*\\) while connecting to upstream'),
  ...upstream('connect-timeout', 'upstream timed out \\(110: [^)]*\\) while connecting to upstream'),
  ...upstream('read-timeout', 'upstream timed out \\(110: [^)]*\\) while reading response header'),
  ...upstream('closed', 'upstream prematurely closed connection'),
  ...upstream('handshake', 'SSL_do_handshake\\(\\) failed .{0,200}?while SSL handshaking to upstream'),
  ...upstream('header', 'upstream sent too big header'),
  ['no-live', 'upstream-error', 'none', 'no live upstreams while connecting to upstream'],
  ['too-large', 'upstream-error', 'none', 'client intended to send too large body'],
  ['proxy-protocol', 'upstream-error', 'none', 'broken header: .{0,200}?while reading PROXY protocol'],
]);

/** The address stands in the last `upstream:`: what is before it may quote the request. */
function upstream(id: string, text: string): readonly Row[] {
  return [
    [
      id,
      'upstream-error',
      'address',
      `${text}.{0,1600}upstream: "[a-z]+://(?<o>[\\d.]+:\\d+|\\[[\\da-f:]+\\]:\\d+)`,
    ],
  ];
}

/** traefik v3: pkg/provider/kubernetes/ingress/kubernetes.go. Names stand in fields beside the message. */
const TRAEFIK_FIELD = `.{0,600}?(?:ingress|serviceName|secret)"?[=:]${QUOTE}(?<o>${NAME})`;
const TRAEFIK = rows(['traefik'], 'levelled', [
  ['invalid', 'config-rejected', 'none', 'Invalid Ingress, skipping'],
  ['path', 'config-rejected', 'none', 'Skipping path\\.'],
  ['rule', 'config-rejected', 'none', 'Empty match rule'],
  ['middleware', 'config-rejected', 'none', 'invalid reference to middleware'],
  ['service', 'missing-backend', 'none', `Cannot create service(?:${TRAEFIK_FIELD})?`],
  ['service-unknown', 'missing-backend', 'none', 'kubernetes service not found'],
  ['endpoints', 'no-endpoints', 'none', 'Skipping service: no endpoints found'],
  ['tls', 'tls-fallback', 'none', 'Error configuring TLS'],
  ['secret', 'tls-fallback', 'secret', `secret ${quoted} does not exist`],
  ['default', 'tls-fallback', 'none', 'Error loading TLS certificates, defaulting to default certificate'],
]);

/** haproxytech/kubernetes-ingress 3.x: pkg/ingress, pkg/service, pkg/controller. */
const HAPROXYTECH = rows(['haproxytech'], 'dated', [
  ['sync', 'reload-failed', 'none', 'unable to Sync HAProxy configuration'],
  ['path-type', 'config-rejected', 'none', 'unknown path type'],
  ['port', 'missing-backend', 'none', 'no service port matching|service port .{0,80}? not found'],
  ['endpoints', 'no-endpoints', 'none', 'no available endpoints|no matching endpoints for port'],
  [
    'secret',
    'tls-fallback',
    'none',
    'using default certificate due to an error reading secret|skipping TLS secret',
  ],
]);

/** jcmoraisjr/haproxy-ingress: pkg/converters/ingress, pkg/haproxy. */
const HAPROXY_INGRESS = rows(['haproxy-ingress'], 'klog', [
  ['reload', 'reload-failed', 'none', 'error trying to reload haproxy'],
  ['ignored', 'config-rejected', 'ingress', `ignoring ingress ${quoted}`],
  ['redeclared', 'config-rejected', 'none', 'skipping redeclared path'],
  ['backend', 'missing-backend', 'none', 'skipping (?:default )?backend (?:config )?of'],
  ['endpoint', 'no-endpoints', 'none', 'skipping endpoint .{0,200}? was not found'],
]);

/** projectcontour/contour: internal/dag. */
const CONTOUR = rows(['contour'], 'levelled', [
  ['listener', 'config-rejected', 'none', 'error identifying listener'],
  ['regex', 'config-rejected', 'none', 'path regex is not valid'],
  ['service', 'missing-backend', 'none', 'unresolved service reference|service .{0,200}? not found'],
  ['secret', 'tls-fallback', 'none', 'unresolved secret reference|certificate delegation not permitted'],
]);

/** kubernetes-sigs/aws-load-balancer-controller: pkg/ingress, pkg/backend. */
const AWS = rows(['aws-alb'], 'levelled', [
  ['port', 'missing-backend', 'none', 'unable to find port .{0,200}? on service'],
  ['action', 'missing-backend', 'none', 'missing actions\\.'],
  ['node-port', 'missing-backend', 'none', "service type must be either 'NodePort' or 'LoadBalancer'"],
]);

/** kubernetes/ingress-gce: pkg/controller/translator. */
const GCE = rows(['gce'], 'klog', [
  ['service', 'missing-backend', 'service', `could not find service ${quoted}`],
  ['port', 'missing-backend', 'none', 'could not find port .{0,200}? in service'],
]);

/** Every pattern; the first that matches a line counts. */
export const LOG_PATTERNS: readonly LogPattern[] = [
  ...INGRESS_NGINX,
  ...NGINX,
  ...TRAEFIK,
  ...HAPROXYTECH,
  ...HAPROXY_INGRESS,
  ...CONTOUR,
  ...AWS,
  ...GCE,
];

const BY_ID = new Map(LOG_PATTERNS.map((pattern) => [pattern.id, pattern]));

/** A pattern by the id that a complaint names. */
export function logPattern(id: string): LogPattern | undefined {
  return BY_ID.get(id);
}

/** Patterns for the lines of a controller of this type; empty: its log is not read. */
export function patternsOf(type: ControllerType): readonly LogPattern[] {
  return LOG_PATTERNS.filter((pattern) => pattern.types.includes(type));
}
