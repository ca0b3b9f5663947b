/**
 * What is known of community ingress-nginx' builds: end of life, advisories with their first fixed versions (CHECKS section 4,
 * table of 2026-11-23), and whose build an image is. Third parties patch and number their builds by themselves.
 */
import type { Labels } from '@/lib/kube/objects';
import { imageEndsWith, imageVersion, parseImage } from './image';

/** When this table was made. */
export const ADVISORIES_OF = '2026-11-23';

/** "Best-effort maintenance until March 2026" (kubernetes.io blog, 2025-11-12): epoch ms at which that month is over. */
export const NGINX_END_OF_LIFE = Date.UTC(2026, 3, 1);

/** Microsoft patches the AKS application-routing add-on "through November 2026": epoch ms at which that month is over. */
export const AKS_SUPPORT_ENDS = Date.UTC(2026, 11, 1);

/** The last releases, all of 2026-03-20, newest first. */
export const LAST_RELEASES: readonly string[] = ['1.15.1', '1.14.5', '1.13.9'];

export interface Advisory {
  readonly id: string;
  readonly what: string;
  /** First fixed version of each minor line that got a fix. */
  readonly fixed: readonly string[];
}

const AUTUMN_2025 = ['1.11.5', '1.12.1'];
const WINTER_2026 = ['1.13.7', '1.14.3'];

/** `CVE-2025-1974`, unauthenticated code execution through the admission webhook. */
export const NIGHTMARE = 'CVE-2025-1974';

export const NGINX_ADVISORIES: readonly Advisory[] = [
  { id: NIGHTMARE, what: 'code execution through the admission webhook', fixed: AUTUMN_2025 },
  { id: 'CVE-2025-1097', what: 'annotation injection', fixed: AUTUMN_2025 },
  { id: 'CVE-2025-1098', what: 'annotation injection', fixed: AUTUMN_2025 },
  { id: 'CVE-2025-24513', what: 'file path in the admission webhook', fixed: AUTUMN_2025 },
  { id: 'CVE-2025-24514', what: 'annotation injection', fixed: AUTUMN_2025 },
  { id: 'CVE-2025-15566', what: 'auth-proxy-set-headers injection', fixed: ['1.12.5', '1.13.1'] },
  { id: 'CVE-2026-1580', what: 'auth-method injection', fixed: WINTER_2026 },
  { id: 'CVE-2026-24512', what: 'path injection', fixed: WINTER_2026 },
  { id: 'CVE-2026-24513', what: 'auth-url bypass', fixed: WINTER_2026 },
  { id: 'CVE-2026-24514', what: 'admission denial of service', fixed: WINTER_2026 },
  { id: 'CVE-2026-3288', what: 'rewrite-target injection', fixed: ['1.13.8', '1.14.4', '1.15.0'] },
  { id: 'CVE-2026-4342', what: 'injection through comments', fixed: ['1.13.9', '1.14.5', '1.15.1'] },
  { id: 'CVE-2024-7646', what: 'annotation validation bypass', fixed: ['1.10.4', '1.11.2'] },
  { id: 'CVE-2021-25745', what: 'path injection', fixed: ['1.2.0'] },
  { id: 'CVE-2021-25746', what: 'annotation injection', fixed: ['1.2.0'] },
  { id: 'CVE-2021-25748', what: 'path injection', fixed: ['1.2.1'] },
];

/** Of NGINX itself: every upstream build carries 1.27.1 or older, and none was ever rebuilt. */
export const NGINX_CORE_ADVISORIES: readonly string[] = ['CVE-2026-42945', 'CVE-2026-9256', 'CVE-2026-42533'];

export type Numbers = readonly [major: number, minor: number, patch: number];

/** `1.13.9` → numbers; null where there are not three of them. */
export function versionNumbers(version: string): Numbers | null {
  const found = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}

const line = ([major, minor]: Numbers) => major * 1000 + minor;

/** Below the fix of its own minor line, or on a line older than the newest fixed one that never got a fix. */
function concerns({ fixed }: Advisory, version: Numbers): boolean {
  const fixes = fixed.map(versionNumbers).filter((numbers) => numbers !== null);
  const own = fixes.find((fix) => line(fix) === line(version));
  if (own) return version[2] < own[2];
  return line(version) < Math.max(...fixes.map(line));
}

/** Advisories that an upstream build of this version is open to; null when the version is not known exactly. */
export function advisoriesOf(version: string): readonly Advisory[] | null {
  const numbers = versionNumbers(version);
  return numbers ? NGINX_ADVISORIES.filter((advisory) => concerns(advisory, numbers)) : null;
}

export interface NginxBuild {
  /** `upstream`: the project's own image, or a plain mirror of it. */
  readonly origin: 'upstream' | 'aks' | 'other';
  /** In words. */
  readonly maker: string;
  /** Empty: not known. */
  readonly version: string;
  readonly told: 'tag' | 'label' | 'nothing';
}

const UPSTREAM_PATHS = [
  'ingress-nginx/controller',
  'ingress-nginx/controller-chroot',
  'kubernetes-ingress-controller/nginx-ingress-controller',
];

const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)cgr\.dev\/|chainguard/, 'Chainguard'],
  [/(^|\/)rancher\/nginx-ingress-controller/, 'RKE2 (SUSE)'],
  [/bitnami/, 'Bitnami'],
  [/deckhouse/, 'Deckhouse'],
];

/** Whose build of community ingress-nginx an image is (CHECKS trap 23); `labels` may tell a version that the tag does not. */
export function nginxBuild(image: string, labels: Labels): NginxBuild {
  const { segments, tag } = parseImage(image);
  const path = segments.join('/');
  const tagged = imageVersion(image);
  const labelled = /^v?(\d+\.\d+\.\d+)$/.exec(labels['app.kubernetes.io/version'] ?? '')?.[1] ?? '';
  const told = tagged !== '' ? 'tag' : labelled !== '' ? 'label' : 'nothing';
  const known = { version: tagged || labelled, told } as const;
  if (path.startsWith('mcr.microsoft.com/')) return { origin: 'aks', maker: 'Microsoft (AKS)', ...known };
  const maker = MAKERS.find(([pattern]) => pattern.test(`${path}:${tag}`))?.[1];
  if (maker) return { origin: 'other', maker, ...known };
  const plain = /^(?:v?\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.\d]*)?|latest|)$/.test(tag);
  const own = UPSTREAM_PATHS.some((suffix) => imageEndsWith(image, suffix));
  if (own && plain) return { origin: 'upstream', maker: 'the Kubernetes project', ...known };
  return { origin: 'other', maker: 'somebody else', ...known };
}
