/** Secrets that ingress-nginx reads by name from annotations (docs/user-guide/nginx-configuration/annotations.md, v1.15.1). */
import type { Ingress } from '@/lib/kube/objects';
import { type ObjectKey, objectKey } from '@/lib/kube/refs';

const PREFIX = 'nginx.ingress.kubernetes.io/';

export const SECRET_ANNOTATIONS = ['auth-secret', 'auth-tls-secret', 'proxy-ssl-secret'] as const;

export interface NamedSecret {
  readonly annotation: (typeof SECRET_ANNOTATIONS)[number];
  readonly key: ObjectKey;
}

/** The Secrets that an Ingress names so; a bare name lies in its own namespace. Odd values name none. */
export function annotationSecrets({ annotations, namespace }: Ingress): readonly NamedSecret[] {
  return SECRET_ANNOTATIONS.flatMap((annotation) => {
    const value = annotations[`${PREFIX}${annotation}`];
    const parts = value?.trim().split('/') ?? [];
    if (parts.length > 2 || parts.length === 0 || parts.some((part) => !/^[a-z0-9][a-z0-9.-]*$/.test(part)))
      return [];
    const name = parts.at(-1) ?? '';
    return [{ annotation, key: objectKey(parts.length === 2 ? (parts[0] ?? '') : namespace, name) }];
  });
}
