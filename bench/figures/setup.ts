import type { Sizes } from '../measure/sizes';

export interface Setup {
  /** Of the standalone build that is measured. */
  readonly folder: string;
  readonly sizes: Sizes;
  readonly tenth: Sizes;
  readonly quick: boolean;
}
