import type { Backend, Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query } from '@/lib/state/cells';
import { defaultRuleId, hostId, ruleId } from './ids';
import { object } from './reads';

/** One routing rule of an Ingress: a host + path, or its default backend. */
export interface Rule {
  readonly id: string;
  /** Empty: every host. */
  readonly host: string;
  readonly hostId: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: Backend | null;
  /** Key of the backend Service; null for resource backends and rules without backend. */
  readonly service: string | null;
  readonly port: number | string | null;
  readonly isDefault: boolean;
}

const NONE: readonly Rule[] = [];

/** The rules of an Ingress (key `NS/NAME`) in the order of its spec, default backend last. */
export const ingressRules: Query<readonly Rule[]> = {
  name: 'ingress-rules',
  level: 1,
  compute: (read, key) => {
    const ingress = object(read, 'ingresses', key);
    return ingress ? rulesOf(ingress) : NONE;
  },
};

function rulesOf(ingress: Ingress): readonly Rule[] {
  const seen = new Map<string, number>();
  const rules: Rule[] = [];
  for (const { host, paths } of ingress.rules) {
    for (const path of paths) {
      const base = ruleId(ingress.namespace, ingress.name, host, path.pathType, path.path);
      const nth = (seen.get(base) ?? 0) + 1;
      seen.set(base, nth);
      const id = ruleId(ingress.namespace, ingress.name, host, path.pathType, path.path, nth);
      rules.push(
        makeRule(ingress, {
          id,
          host,
          path: path.path,
          pathType: path.pathType,
          backend: path.backend,
          isDefault: false,
        }),
      );
    }
  }
  if (ingress.defaultBackend) {
    const id = defaultRuleId(ingress.namespace, ingress.name);
    rules.push(
      makeRule(ingress, {
        id,
        host: '',
        path: '',
        pathType: '',
        backend: ingress.defaultBackend,
        isDefault: true,
      }),
    );
  }
  return rules;
}

function makeRule(
  ingress: Ingress,
  rule: Pick<Rule, 'id' | 'host' | 'path' | 'pathType' | 'backend' | 'isDefault'>,
): Rule {
  const service = rule.backend?.type === 'service' ? rule.backend : null;
  return {
    ...rule,
    hostId: hostId(rule.host),
    service: service ? objectKey(ingress.namespace, service.name) : null,
    port: service?.port ?? null,
  };
}

/** What a user types to reach a rule: `www.example.org/wear`; `*` for every host. */
export function addressOf(rule: Pick<Rule, 'host' | 'path' | 'isDefault'>): string {
  const host = rule.host === '' ? '*' : rule.host;
  if (rule.isDefault) return `${host} (default backend)`;
  return `${host}${rule.path === '' ? '/' : rule.path}`;
}
