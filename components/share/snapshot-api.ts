/** Snapshots of our own API: created and revoked here. What goes wrong is data, in words for the one who asked. */
import { withCluster } from '@/components/clusters/addresses';
import type { CreateSnapshot, SnapshotCreated } from '@/lib/wire/snapshot';

export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

const SILENT = 'The dashboard did not answer. Nothing was created; try again.';

/** Freezes a view of a cluster; null: of the first. */
export async function createSnapshot(
  wanted: CreateSnapshot,
  cluster: string | null,
): Promise<Asked<SnapshotCreated>> {
  const asked = await ask(withCluster('/api/v1/snapshots', cluster), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(wanted),
  });
  if (!asked.ok) return asked;
  return isCreated(asked.value)
    ? { ok: true, value: asked.value }
    : { ok: false, problem: 'The answer was not understood.' };
}

/** Takes a snapshot back for good. */
export async function revokeSnapshot({ id, revokeToken }: SnapshotCreated): Promise<Asked<unknown>> {
  return await ask(`/api/v1/snapshots/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${revokeToken}` },
  });
}

async function ask(url: string, init: RequestInit): Promise<Asked<unknown>> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    return { ok: false, problem: SILENT };
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, value: body };
  return { ok: false, problem: problemOf(body) ?? `The dashboard answered ${response.status}.` };
}

function problemOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const title = 'title' in body && typeof body.title === 'string' ? body.title : '';
  const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : '';
  const text = [title, detail].filter((part) => part !== '').join(': ');
  return text === '' ? null : text;
}

/** The server is ours and held to its schema by tests; here only what is used is checked. */
function isCreated(body: unknown): body is SnapshotCreated {
  const keys = ['id', 'url', 'imageUrl', 'revokeToken', 'takenAt', 'expiresAt'];
  return (
    typeof body === 'object' &&
    body !== null &&
    keys.every((key) => typeof (body as Readonly<Record<string, unknown>>)[key] === 'string')
  );
}
