import 'server-only';

export const SNAPSHOTS = '/api/v1/snapshots/';

/** As it stands in the path, undecoded: an id has no character that could be encoded. */
export function idOf(request: Request): string {
  return new URL(request.url).pathname.slice(SNAPSHOTS.length).split('/')[0] ?? '';
}

/** The token that revokes, as the bearer of the request; empty: none. */
export function revokeTokenOf(request: Request): string {
  return /^bearer +([\w-]{1,100})$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
}
