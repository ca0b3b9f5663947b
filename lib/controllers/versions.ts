/** Which Kubernetes versions a release was tested with, and which flags it does not have any more. */
import { imageEndsWith, majorMinor, parseImage } from './image';

type Range = readonly [from: number, to: number];

/**
 * kubernetes/ingress-nginx README, "Supported Versions table", as of v1.15.1 (2026-03-20): minor line → minor versions of
 * Kubernetes 1.x; of a line whose releases differ the widest range stands.
 */
const INGRESS_NGINX: Readonly<Record<number, Range>> = {
  15: [31, 35],
  14: [30, 34],
  13: [29, 33],
  12: [28, 32],
  11: [26, 30],
  10: [26, 30],
  9: [25, 29],
  8: [24, 27],
  7: [24, 27],
  6: [23, 26],
  5: [23, 25],
  4: [22, 25],
  3: [20, 24],
  2: [19, 23],
  1: [19, 23],
  0: [19, 22],
};

export interface Support {
  /** Minor versions of Kubernetes 1.x. */
  readonly from: number;
  readonly to: number;
  /** The newest line of the table that supports the given version; null: none does. */
  readonly line: string | null;
}

/** An upstream release by its exact tag: forks backport, and say so in theirs. */
const RELEASE = /^v1\.\d+\.\d+$/;

/** The supported range of an ingress-nginx image, where a Kubernetes 1.`minor` is outside it; null otherwise, or if not known. */
export function unsupportedBy(image: string, minor: number): Support | null {
  if (!imageEndsWith(image, 'ingress-nginx/controller') || !RELEASE.test(parseImage(image).tag)) return null;
  const own = INGRESS_NGINX[majorMinor(parseImage(image).tag.slice(1))?.[1] ?? -1];
  if (!own || (minor >= own[0] && minor <= own[1])) return null;
  const line = Object.entries(INGRESS_NGINX)
    .toReversed()
    .find(([, [from, to]]) => minor >= from && minor <= to)?.[0];
  return { from: own[0], to: own[1], line: line === undefined ? null : `1.${line}` };
}

/** Minor number of `v1.33.2-gke.1`; null for anything else. */
export function kubernetesMinor(version: string): number | null {
  const match = /^v?1\.(\d{1,3})(?:\.|\+|-|$)/.exec(version);
  return match ? Number(match[1]) : null;
}

/** Flags that ingress-nginx removed, with the release (cmd/plugin/lints/deployment.go). */
export const REMOVED_FLAGS: readonly (readonly [flag: string, release: readonly [number, number]])[] = [
  ['sort-backends', [0, 22]],
  ['force-namespace-isolation', [0, 24]],
];
