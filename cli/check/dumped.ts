/*
 * A dump shows what somebody asked for, not the cluster: of a kind that it holds no object of nobody can say whether there
 * are none. Such kinds are closed to the engine, as they are to who may not list them.
 */
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { LoadedObject } from '@/sandbox/load/documents';
import type { CheckResult } from './result';

/** Kinds that people dump together: where one of them is there, the others are none. */
const TOGETHER: readonly (readonly KindName[])[] = [
  ['deployments', 'statefulsets', 'daemonsets'],
  ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
];

/** Built-in kinds that a dump does not show. Namespaces are made for what is in them. */
export function undumped(documents: readonly LoadedObject[]): readonly KindName[] {
  const kinds = new Set(documents.map(({ object }) => object.kind));
  const absent = RESOURCES.filter(
    ({ id, kind, optional }) => !optional && id !== 'namespaces' && !kinds.has(kind),
  );
  const ids = new Set(absent.map(({ id }) => id));
  const isShown = (id: KindName) =>
    TOGETHER.some((group) => group.includes(id) && !group.every((each) => ids.has(each)));
  return [...ids].filter((id) => !isShown(id));
}

/** Lets the sandbox at this address refuse to show these kinds. */
export async function closeKinds(url: string, ids: readonly KindName[]): Promise<void> {
  for (const resource of ids) {
    const answer = await fetch(`${url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'status', code: 403, match: { resource } }),
    });
    if (!answer.ok) throw new Error(`the sandbox does not close ${resource}: ${answer.status}`);
  }
}

const REASON = 'the dump holds none, so there may be some';

/** What is said of rights: no right would show more of a dump, and what it does not show is told by kind. */
const OF_RIGHTS: ReadonlySet<string> = new Set(['rbac-dashboard-limited', 'tls-secret-unreadable']);

/** The result with the true reason for what the dump does not show, instead of that of the refusals. */
export function retold({ findings, unseen, ...result }: CheckResult, ids: readonly KindName[]): CheckResult {
  const closed = new Set<string>(ids);
  const said = new Set(
    unseen
      .filter(({ resource, reason }) => closed.has(resource) && reason !== '')
      .map(({ reason }) => reason),
  );
  const truth = (text: string) => [...said].reduce((whole, reason) => whole.replaceAll(reason, REASON), text);
  return {
    ...result,
    unseen: unseen.map((row) => (closed.has(row.resource) ? { ...row, reason: REASON } : row)),
    findings: findings
      .filter(({ finding }) => !OF_RIGHTS.has(finding.code))
      .map(({ finding, place }) => ({
        place,
        finding: {
          ...finding,
          detail: truth(finding.detail),
          evidence: finding.evidence.map((item) => ({ ...item, value: truth(item.value) })),
        },
      })),
  };
}
