import type { Meta } from './objects';

/** A core/v1 Event of type Warning. They live an hour: absence proves nothing, presence may be old. */
export interface KubeEvent extends Meta {
  readonly involved: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly reason: string;
  readonly message: string;
  /** How often it was seen, series included. */
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Component that reports it. */
  readonly source: string;
}
