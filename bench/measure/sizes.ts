/* The sizes of the cluster that figures are taken on (sandbox scenario `large`). */
export interface Sizes {
  readonly ingresses: number;
  readonly services: number;
  readonly pods: number;
  readonly namespaces: number;
}

export const FULL: Sizes = { ingresses: 5000, services: 10_000, pods: 50_000, namespaces: 400 };
export const TENTH: Sizes = { ingresses: 500, services: 1000, pods: 5000, namespaces: 40 };
export const SMALL: Sizes = { ingresses: 100, services: 200, pods: 1000, namespaces: 10 };

export function sizeWords({ ingresses, services, pods, namespaces }: Sizes): string {
  return `${ingresses} Ingresses, ${services} Services, ${pods} pods, ${namespaces} namespaces`;
}
