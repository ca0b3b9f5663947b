/**
 * Which lines of other controllers are out of support, as far as it is known for certain. Offline and dated: a line that is
 * not named here is not judged.
 */
import { parseImage } from './image';
import { versionNumbers } from './nginx-advisories';
import type { ControllerType } from './types';

/** When this table was made. */
export const SUPPORT_TABLE_OF = '2026-11-23';

export interface SupportLine {
  /** Oldest `[major, minor]` that still got fixes. */
  readonly oldest: readonly [number, number];
  /** Older lines of which it is not known. */
  readonly except: readonly (readonly [number, number])[];
  /** Newest release known when the table was made. */
  readonly newest: string;
}

/**
 * Traefik: SECURITY.md ("each version is supported until the next one is released"; 3.6 and 2.11 named beside it), chart
 * 41.7.1 of 2026-10-09. Contour: "the latest three releases" (endoflife.date, 2026). haproxy-ingress: endoflife.date, 0.12
 * ended 2025-10-15. Kong: standard versions one year, LTS three (developer.konghq.com, support); lines before 2.12 are older
 * than either.
 */
const SUPPORT: Partial<Record<ControllerType, SupportLine>> = {
  traefik: { oldest: [3, 6], except: [[2, 11]], newest: '3.7.14' },
  contour: { oldest: [1, 31], except: [], newest: '1.33.5' },
  'haproxy-ingress': { oldest: [0, 13], except: [], newest: '0.16.0' },
  kong: { oldest: [2, 12], except: [], newest: '3.5.0' },
};

const PLAIN_TAG = /^v?\d+\.\d+\.\d+$/;
const PATHS: Partial<Record<ControllerType, RegExp>> = {
  traefik: /(^|\/)(?:library\/|traefik\/|mirrored-library-)?traefik$/,
  contour: /projectcontour[/-]contour$/,
  'haproxy-ingress': /jcmoraisjr[/-]haproxy-ingress$/,
  kong: /kong[/-]kubernetes-ingress-controller$/,
};

/** The line that a release is too old for; null: in support, somebody else's build, or not known. */
export function outOfSupport(type: ControllerType, image: string, version: string): SupportLine | null {
  const support = SUPPORT[type];
  const numbers = versionNumbers(version);
  const { segments, tag } = parseImage(image);
  if (!support || !numbers || !PLAIN_TAG.test(tag) || !PATHS[type]?.test(segments.join('/'))) return null;
  const [major, minor] = numbers;
  if (support.except.some(([a, b]) => a === major && b === minor)) return null;
  const [oldMajor, oldMinor] = support.oldest;
  return major < oldMajor || (major === oldMajor && minor < oldMinor) ? support : null;
}
