// Who sends a request: bearer tokens, service account tokens, impersonation.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { StatusError } from './status';

export type User = { name: string; groups: readonly string[]; uid?: string };

export type AuthOptions = {
  /** Token → who it is. */
  tokens?: Readonly<Record<string, User>>;
  /**
   * Whether a request without a token is refused; off unless told, because kubectl
   * sends no token over plain HTTP. Without a token one is the administrator.
   */
  isRequired?: boolean;
};

export const ADMIN: User = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** The user behind a service account. */
export function serviceAccountUser(namespace: string, name: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** Knows the tokens. */
export class Authenticator {
  readonly #tokens = new Map<string, User>();
  /** Whether a request without a token is refused. */
  isRequired: boolean;

  constructor(options: AuthOptions = {}) {
    for (const [token, user] of Object.entries(options.tokens ?? {})) this.add(token, user);
    this.isRequired = options.isRequired ?? false;
  }

  /** Makes a token known. */
  add(token: string, user: User): void {
    const groups = new Set([...user.groups, 'system:authenticated']);
    this.#tokens.set(token, { ...user, groups: [...groups] });
  }

  /** Makes a token invalid from now on (rotation). */
  remove(token: string): void {
    this.#tokens.delete(token);
  }

  /** A new token of a service account. */
  issue(namespace: string, name: string): string {
    const token = `sandbox-${randomUUID()}`;
    this.add(token, serviceAccountUser(namespace, name));
    return token;
  }

  lookup(token: string): User | undefined {
    return this.#tokens.get(token);
  }

  /** The user of a request; throws 401. */
  authenticate(request: IncomingMessage): User {
    const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '');
    const token = match?.[1];
    if (token === undefined) {
      if (this.isRequired) throw unauthorized();
      return ADMIN;
    }
    const user = this.#tokens.get(token);
    if (user !== undefined) return user;
    // Without configured tokens everybody is the administrator, whatever a client happens to send.
    if (!this.isRequired && this.#tokens.size === 0) return ADMIN;
    throw unauthorized();
  }
}

function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** Who the request wants to act as (`kubectl --as`), if anybody. */
export function impersonated(request: IncomingMessage): User | undefined {
  const name = request.headers['impersonate-user'];
  if (typeof name !== 'string' || name === '') return undefined;
  const header = request.headers['impersonate-group'];
  const groups = typeof header === 'string' ? header.split(',').map((group) => group.trim()) : (header ?? []);
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const implied =
    account === null
      ? ['system:authenticated']
      : serviceAccountUser(account[1] ?? '', account[2] ?? '').groups;
  return { name, groups: [...new Set([...groups, ...implied])] };
}
