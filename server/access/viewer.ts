import 'server-only';

/** Who asks, as verified by the way of `ATLAS_AUTH`; in mode `none` everybody is the same viewer without a name. */
export interface Viewer {
  /** As the cluster's RBAC knows it; empty: nobody in particular. */
  readonly user: string;
  readonly groups: readonly string[];
  /** What a TokenReview said besides; handed on to access reviews as it is. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
  /** Ends when the session does: its streams end with it. */
  readonly ended: AbortSignal;
}

/** What a viewer may see of one cluster. */
export type Rights =
  | { readonly all: true }
  | {
      readonly all: false;
      readonly namespaces: ReadonlySet<string>;
      /** Why it is less than everything, in words for the viewer; empty: by the cluster's RBAC. */
      readonly reason: string;
    };
