import 'server-only';
import type { Logger } from 'pino';
import type { Viewer } from '@/server/access/viewer';
import { openAccess } from '@/server/cluster/access';
import { type Config, isLoopback } from '@/server/config';
import { type Audit, auditTo } from './audit';
import { Bearers, bearerOf } from './bearer';
import { SignInLimits } from './limits';
import { Oidc } from './oidc';
import { Peers } from './peer';
import { proxySubject } from './proxy-identity';
import { tooManyTries, unauthorized, unavailable } from './refusals';
import { Reviews } from './reviews';
import { RightsCache } from './rights';
import { Sealing } from './sealing';
import { IDLE_MS, type Session, Sessions, type Subject } from './sessions';
import { SignedOut, type SignedOutOptions } from './signed-out';

/** After so long a stream has to say again who reads it; before a session idles out. */
const STREAM_MS = IDLE_MS / 2;
/** The same for who is named by each request: the proxy or the token may say something else by then. */
const STREAM_WITHOUT_SESSION_MS = 5 * 60_000;

/** What is known of a request's headers; a page has no more. */
export type Asked = Pick<Headers, 'get'>;

/** Who asks, with Set-Cookie headers for the answer; or the answer that asks to sign in. */
export type Identified =
  | { readonly viewer: Viewer; readonly cookies: readonly string[] }
  | { readonly refusal: Response };

export interface AuthOptions {
  readonly config: Pick<Config, 'auth' | 'signIn' | 'publicUrl' | 'kubeconfig' | 'contexts' | 'host'>;
  readonly log: Logger;
  readonly now?: () => number;
}

/** Says who asks. */
export class Auth {
  readonly mode: Config['auth'];
  readonly audit: Audit;
  readonly peers: Peers;
  readonly limits: SignInLimits;
  readonly sessions: Sessions;
  readonly sealing: Sealing;
  /** Of the first cluster, which knows the people. */
  readonly reviews: Reviews;
  readonly rights: RightsCache;
  /** null: not the way of this dashboard. */
  readonly oidc: Oidc | null;
  readonly #options: AuthOptions;
  readonly #bearers: Bearers;
  #signedOut: SignedOut | null = null;

  constructor(options: AuthOptions) {
    const { config, log, now = Date.now } = options;
    this.#options = options;
    this.mode = config.auth;
    this.audit = auditTo(log);
    this.peers = new Peers(config.signIn.proxyPeers);
    this.limits = new SignInLimits(now);
    this.sealing = new Sealing(config.signIn.sessionKeys);
    const purpose = `session:${config.auth}`;
    this.sessions = new Sessions({
      sealing: this.sealing,
      purpose,
      publicUrl: config.publicUrl,
      now,
      onEnd: (ended) => void this.#signedOut?.add(ended),
    });
    const [context = ''] = config.contexts;
    this.reviews = this.#reviewsIn(context);
    this.rights = this.#rightsBy(this.reviews);
    this.#bearers = new Bearers(this.reviews, now);
    this.oidc = config.signIn.oidc && new Oidc(config.signIn.oidc, config.publicUrl);
    this.#warn();
  }

  /** What the cluster of a context of the kubeconfig lets people see; empty: the current one. */
  rightsIn(context: string): RightsCache {
    const [first = ''] = this.#options.config.contexts;
    return context === first ? this.rights : this.#rightsBy(this.#reviewsIn(context));
  }

  #reviewsIn(context: string): Reviews {
    const { kubeconfig } = this.#options.config;
    let access: ReturnType<typeof openAccess> | undefined;
    return new Reviews(() => (access ??= openAccess({ kubeconfig, context })));
  }

  #rightsBy(reviews: Reviews): RightsCache {
    const { log, now = Date.now } = this.#options;
    return new RightsCache({
      reviews,
      onError: (error) => log.warn({ err: error }, 'rights could not be asked for'),
      now,
    });
  }

  /** Lets all who use this store know who signs out here, and learns it of them. */
  shareEnds(store: SignedOutOptions['store']): void {
    if (this.mode !== 'kubernetes' && this.mode !== 'oidc') return;
    const { log } = this.#options;
    this.#signedOut = new SignedOut({
      store,
      learn: (ended) => this.sessions.learn(ended),
      onError: (error) => log.warn({ err: error }, 'other replicas do not know yet who has signed out'),
    });
  }

  /** Begins to take down where requests come from. */
  start(): void {
    this.peers.start();
    this.#signedOut?.start();
  }

  stop(): void {
    this.peers.stop();
    this.#signedOut?.stop();
  }

  /** Who sends a request. Never throws for what a client sends. */
  async identify(headers: Asked): Promise<Identified> {
    if (this.mode === 'none') return { viewer: EVERYBODY, cookies: [] };
    if (this.mode === 'proxy') return this.#byProxy(headers);
    const bearer = this.mode === 'kubernetes' ? bearerOf(headers) : null;
    if (bearer !== null) return await this.#byToken(bearer, headers);
    const session = await this.sessions.of(headers);
    if (!session)
      return {
        refusal: unauthorized('Sign in: nobody is known by this request, or the session is over.', this.mode),
      };
    return { viewer: this.#viewerOf(session), cookies: session.cookies };
  }

  #byProxy(headers: Asked): Identified {
    const subject = proxySubject(headers, this.#options.config.signIn.proxy, this.peers);
    if ('refused' in subject) return { refusal: unauthorized(subject.refused, this.mode) };
    return { viewer: passing(subject), cookies: [] };
  }

  /** A program's own token. What is wrong costs a try of its address: the API server shall not be asked without end. */
  async #byToken(token: string, headers: Asked): Promise<Identified> {
    const known = this.#bearers.known(token);
    if (known) return { viewer: passing(known), cookies: [] };
    const address = this.peers.callerOf(headers);
    const wait = this.limits.wait(address);
    if (wait > 0) return { refusal: tooManyTries(wait) };
    try {
      const subject = await this.#bearers.whose(token);
      if (subject) return { viewer: passing(subject), cookies: [] };
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a token could not be reviewed');
      return { refusal: unavailable('The cluster could not be asked whose token this is.') };
    }
    this.limits.take(address);
    this.audit('audit.login-failed', null, { way: 'bearer', address });
    return { refusal: unauthorized('The cluster does not know this token (any more).', this.mode) };
  }

  #viewerOf(session: Session): Viewer {
    const { sessions } = this;
    const left = session.end - (this.#options.now ?? Date.now)();
    return {
      ...subjectOnly(session),
      get ended() {
        const again = AbortSignal.timeout(Math.max(0, Math.min(STREAM_MS, left)));
        return AbortSignal.any([sessions.endOf(session), again]);
      },
    };
  }

  #warn(): void {
    const { config, log } = this.#options;
    if (config.signIn.proxyPeers.length === 0 && !isLoopback(config.host))
      log.info('ATLAS_PROXY_PEERS is not set: behind a proxy all people count as one for limits');
    if (this.mode === 'none' || this.mode === 'proxy') return;
    if (config.signIn.sessionKeys.length === 0)
      log.info(
        'ATLAS_SESSION_KEY is not set: sessions end with this process, and other replicas do not know them',
      );
    if (config.publicUrl.startsWith('http:') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(config.publicUrl))
      log.warn('ATLAS_PUBLIC_URL is not https: who listens on the way can take over sessions');
  }
}

/** In mode `none`. */
const EVERYBODY: Viewer = { user: '', groups: [], extra: {}, ended: new AbortController().signal };

/** Known for this request only. */
function passing(subject: Subject): Viewer {
  return {
    ...subjectOnly(subject),
    get ended() {
      return AbortSignal.timeout(STREAM_WITHOUT_SESSION_MS);
    },
  };
}

function subjectOnly({ user, groups, extra }: Subject): Subject {
  return { user, groups, extra };
}
