/** Names of container images: what they are by their path, whatever registry or mirror holds them. */

export interface ImageName {
  /** Path segments without registry tag and digest, lower case; the first may be a registry. */
  readonly segments: readonly string[];
  readonly base: string;
  readonly tag: string;
}

const MOST_PARSED = 2000;
const parsed = new Map<string, ImageName>();

/** Splits `registry:5000/a/b:tag@sha256:…`; the same images come again and again, so the last ones are kept. */
export function parseImage(image: string): ImageName {
  const known = parsed.get(image);
  if (known) return known;
  const name = split(image);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(image, name);
  return name;
}

function split(image: string): ImageName {
  const withoutDigest = image.split('@')[0] ?? '';
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const path = (colon < 0 ? withoutDigest : withoutDigest.slice(0, colon)).toLowerCase();
  const segments = path.split('/').filter((segment) => segment !== '');
  return { segments, base: segments.at(-1) ?? '', tag: colon < 0 ? '' : withoutDigest.slice(colon + 1) };
}

/**
 * Whether the image's path ends with `suffix`; mirrors that flatten the path are known too
 * (`rancher/mirrored-ingress-nginx-controller` ends with `ingress-nginx/controller`).
 */
export function imageEndsWith(image: string, suffix: string): boolean {
  const { segments, base } = parseImage(image);
  const wanted = suffix.split('/');
  if (wanted.every((part, index) => segments[segments.length - wanted.length + index] === part)) return true;
  if (wanted.length < 2) return base === `mirrored-library-${suffix}` || base === `library-${suffix}`;
  const flat = wanted.join('-');
  return base === flat || base.endsWith(`-${flat}`);
}

/** Version in a tag: `v1.15.1` → `1.15.1`, `nginx-0.49.3-rancher1` → `0.49.3`, `latest` → empty. */
export function imageVersion(image: string): string {
  const { tag } = parseImage(image);
  const dotted = /(?:^|[^0-9.])(\d+\.\d+(?:\.\d+)?)(?:[^0-9.]|$)/.exec(tag);
  return dotted?.[1] ?? /^v?(\d+)$/.exec(tag)?.[1] ?? '';
}

/** Major and minor number of a version, `null` when it is empty. */
export function majorMinor(version: string): readonly [number, number] | null {
  if (version === '') return null;
  const [major, minor] = version.split('.');
  return [Number(major), Number(minor ?? 0)];
}

const ORDINARY = new Set([
  'nginx',
  'nginx-unprivileged',
  'haproxy',
  'haproxy-alpine',
  'envoy',
  'envoy-distroless',
  'httpd',
  'caddy',
  'openresty',
  'whoami',
  'echoserver',
  'http-echo',
  'busybox',
  'alpine',
  'kubectl',
  'defaultbackend',
  'kube-webhook-certgen',
]);

/** Images that are applications or helpers, never an ingress controller, however their pods are labelled. */
export function isOrdinaryImage(image: string): boolean {
  const { base } = parseImage(image);
  if (ORDINARY.has(base)) return true;
  return /exporter|defaultbackend|default-backend|webhook-certgen|custom-error-pages|certgen$|-operator$/.test(
    base,
  );
}
