import type { Sizes } from '../measure/sizes';

export interface Setup {
  /** Of the standalone build that is measured. */
  readonly folder: string;
  readonly sizes: Sizes;
  readonly tenth: Sizes;
  /** Many Ingresses rather than many pods: what the checks are measured on. */
  readonly wide: Sizes;
  readonly quick: boolean;
}
