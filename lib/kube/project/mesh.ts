import type { AuthorizationPolicy, MutualTls, PeerAuthentication } from '@/lib/kube/mesh-objects';
import type { Labels } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { labels, meta } from './meta';
import { list, number, type Raw, record, text } from './raw';

const MODES: ReadonlySet<string> = new Set(['STRICT', 'PERMISSIVE', 'DISABLE']);

function mode(value: unknown): MutualTls {
  const word = text(record(value).mode);
  return MODES.has(word) ? (word as MutualTls) : 'UNSET';
}

/** An Istio WorkloadSelector; without labels it selects every pod, as if it were not there. */
function workloads(value: unknown, interner: Interner): Labels | null {
  const found = labels(record(value).matchLabels, interner);
  return Object.keys(found).length === 0 ? null : found;
}

/** A PeerAuthentication (security.istio.io/v1). */
export function projectPeerAuthentication(raw: Raw, interner: Interner): PeerAuthentication | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  return {
    ...common,
    selector: workloads(spec.selector, interner),
    mode: mode(spec.mtls),
    ports: Object.entries(record(spec.portLevelMtls)).flatMap(([key, value]) => {
      const port = number(key);
      return port === null ? [] : [{ port, mode: mode(value) }];
    }),
  };
}

const ACTIONS: ReadonlySet<string> = new Set(['DENY', 'AUDIT', 'CUSTOM']);

/** An AuthorizationPolicy (security.istio.io/v1); its action is ALLOW where it says none. */
export function projectAuthorizationPolicy(raw: Raw, interner: Interner): AuthorizationPolicy | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const rules = list(spec.rules).map(record);
  const action = text(spec.action);
  const targets = [...list(spec.targetRefs), ...(spec.targetRef === undefined ? [] : [spec.targetRef])];
  return {
    ...common,
    selector: workloads(spec.selector, interner),
    targets: targets.map((entry) => ({ kind: text(record(entry).kind), name: text(record(entry).name) })),
    action: ACTIONS.has(action) ? (action as AuthorizationPolicy['action']) : 'ALLOW',
    rules: rules.length,
    matchesAll: rules.some((rule) =>
      [rule.from, rule.to, rule.when].every((part) => list(part).length === 0),
    ),
  };
}
