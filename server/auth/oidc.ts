import 'server-only';
import { readFileSync } from 'node:fs';
import * as client from 'openid-client';
import { z } from 'zod';
import { fetchTrusting } from './ca-fetch';
import { subjectOf } from './names';
import type { Subject } from './sessions';
import type { OidcSettings } from './settings';

/** Seconds within which the provider must answer. */
const ANSWER_WITHIN = 10;

/** What is kept, sealed, while somebody is with the provider. */
export const flowSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Path to return to. */
  to: z.string(),
});

export type Flow = z.infer<typeof flowSchema>;

/** Nobody signed in. `kind`: whether the person refused, the provider is out of reach, or what came is not to be trusted. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly kind: 'denied' | 'unavailable' | 'untrusted' | 'no-name';
  constructor(kind: OidcError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Signing in by an OpenID provider: code flow with PKCE (S256), state and nonce; the ID token's signature is checked. */
export class Oidc {
  readonly #settings: OidcSettings;
  readonly #callback: string;
  #found: Promise<client.Configuration> | null = null;

  /** @param publicUrl where people reach the dashboard: never a request's own idea of it. */
  constructor(settings: OidcSettings, publicUrl: string) {
    this.#settings = settings;
    this.#callback = `${publicUrl}/auth/callback`;
  }

  /** Where to send somebody, and what to remember until they return. */
  async begin(to: string): Promise<{ readonly location: string; readonly flow: Flow }> {
    const provider = await this.#provider();
    const flow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      to,
    };
    const location = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#callback,
      scope: this.#settings.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    });
    return { location: location.href, flow };
  }

  /** Who has returned. `search`: the query that the provider sent them back with. */
  async finish(search: string, flow: Flow): Promise<Subject> {
    const provider = await this.#provider();
    const returned = new URL(`${this.#callback}${search}`);
    try {
      const tokens = await client.authorizationCodeGrant(provider, returned, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      return this.#subject(await this.#claims(provider, tokens));
    } catch (error) {
      throw asOidcError(error);
    }
  }

  /** Looked up when first needed and after a failure: a provider that is down must not keep the dashboard from starting. */
  #provider(): Promise<client.Configuration> {
    this.#found ??= this.#discover().catch((cause: unknown) => {
      this.#found = null;
      throw new OidcError(
        'unavailable',
        `the provider ${this.#settings.issuer} cannot be used: ${wordsOf(cause)}`,
        { cause },
      );
    });
    return this.#found;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, caFile } = this.#settings;
    const isPlain = issuer.startsWith('http:');
    return await client.discovery(
      new URL(issuer),
      clientId,
      clientSecret === '' ? {} : clientSecret,
      clientSecret === '' ? client.None() : authenticationBy(clientSecret),
      {
        timeout: ANSWER_WITHIN,
        execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
        ...(caFile === '' ? {} : { [client.customFetch]: fetchTrusting(readFileSync(caFile, 'utf8')) }),
      },
    );
  }

  /** Of the ID token; what is not in it is asked of the provider, for the same person. */
  async #claims(
    provider: client.Configuration,
    tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const claims = tokens.claims();
    if (!claims) throw new OidcError('untrusted', 'the provider sent no ID token');
    const { userClaim, groupsClaim } = this.#settings;
    const isWhole = claims[userClaim] !== undefined && claims[groupsClaim] !== undefined;
    if (isWhole || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
    const asked = await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
    return { ...asked, ...claims };
  }

  #subject(claims: Readonly<Record<string, unknown>>): Subject {
    const { userClaim, groupsClaim, userPrefix, groupsPrefix } = this.#settings;
    const user = claims[userClaim];
    if (typeof user !== 'string')
      throw new OidcError('no-name', `the provider says no ${userClaim} (ATLAS_OIDC_USER_CLAIM)`);
    // As the API server does: an address that anybody may type in is nobody's name.
    if (userClaim === 'email' && claims.email_verified === false)
      throw new OidcError('no-name', 'the provider has not verified the e-mail address');
    const given = claims[groupsClaim];
    const groups = (Array.isArray(given) ? given : [given]).filter((group) => typeof group === 'string');
    const subject = subjectOf(
      `${userPrefix}${user}`,
      groups.map((group) => `${groupsPrefix}${group}`),
    );
    if (!subject)
      throw new OidcError('no-name', `what the provider says as ${userClaim} is no name of a person`);
    return subject;
  }
}

/** As the provider wants the secret; where it says nothing, as the standard has it (OpenID Connect Discovery 1.0, 3). */
function authenticationBy(secret: string): client.ClientAuth {
  const basic = client.ClientSecretBasic(secret);
  const post = client.ClientSecretPost(secret);
  return (server, ...others) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...others);
  };
}

function asOidcError(error: unknown): OidcError {
  if (error instanceof OidcError) return error;
  if (error instanceof client.AuthorizationResponseError)
    return new OidcError('denied', `the provider answered ${JSON.stringify(error.error.slice(0, 100))}`, {
      cause: error,
    });
  if (error instanceof client.ResponseBodyError)
    return new OidcError('untrusted', `the provider refused: ${JSON.stringify(error.error.slice(0, 100))}`, {
      cause: error,
    });
  const isAway =
    error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed');
  return new OidcError(isAway ? 'unavailable' : 'untrusted', wordsOf(error), { cause: error });
}

/** What went wrong, with what the library adds as a cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const inner = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${inner}`.slice(0, 300);
}
