/* The sizes of the cluster that figures are taken on (sandbox scenario `large`). */
export interface Sizes {
  readonly ingresses: number;
  readonly services: number;
  readonly pods: number;
  readonly namespaces: number;
}

export const FULL: Sizes = { ingresses: 5000, services: 10_000, pods: 50_000, namespaces: 400 };
export const TENTH: Sizes = { ingresses: 500, services: 1000, pods: 5000, namespaces: 40 };
/** A production cluster that others have told of (16,977 Ingresses, 23,547 Services, 29,455 pods). */
export const WIDE: Sizes = { ingresses: 16_977, services: 23_547, pods: 29_455, namespaces: 432 };
export const SMALL: Sizes = { ingresses: 100, services: 200, pods: 1000, namespaces: 10 };

export function sizeWords({ ingresses, services, pods, namespaces }: Sizes): string {
  return `${ingresses} Ingresses, ${services} Services, ${pods} pods, ${namespaces} namespaces`;
}
