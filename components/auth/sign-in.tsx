import { CircleAlert, CircleCheck, KeyRound, LogIn } from 'lucide-react';
import type { ReactNode } from 'react';
import { Command } from '@/components/panels/command';
import type { SignInError } from '@/lib/wire/sign-in';

export interface SignInProps {
  readonly mode: 'proxy' | 'oidc' | 'kubernetes';
  readonly to: string;
  readonly error: SignInError | null;
  readonly hasSignedOut: boolean;
  readonly provider: string;
  readonly refused: string;
}

const ERRORS: Readonly<Record<SignInError, string>> = {
  refused:
    'The cluster does not know this token, or no longer. Tokens end by themselves: make a new one and paste all of it.',
  'too-often': 'There were too many tries in a short time. Wait a minute, then try again.',
  unavailable:
    'Nobody can say who you are now: who would have to be asked does not answer. Try again in a moment; the dashboard’s log says more.',
  denied: 'The provider did not let you in, or you went back. Nothing was changed.',
  untrusted:
    'What the provider sent could not be trusted, so you were not let in. The dashboard’s log says why.',
  'no-name':
    'You are known to the provider, but not by a name that can be used here. Tell those who run this dashboard; its log says more.',
  expired: 'That sign-in took too long, or was begun in another tab. Begin again.',
  'too-many-groups':
    'You are in more groups than a session can hold. Ask those who run this dashboard to have the provider send fewer.',
};

/** Asks who one is. Works without scripts: a form, or a link. */
export function SignIn(props: SignInProps) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="flex w-full max-w-md flex-col gap-5">
        <header className="flex items-center gap-3">
          <Mark />
          <div>
            <h1 className="text-xl font-bold tracking-tight">Ingress Atlas</h1>
            <p className="text-soft">Where traffic enters your cluster, and which link is broken</p>
          </div>
        </header>
        <section className="flex flex-col gap-4 rounded-2xl border border-line bg-panel p-6 shadow-card max-sm:p-4">
          <Notice {...props} />
          {props.mode === 'kubernetes' && <TokenForm to={props.to} failed={props.error !== null} />}
          {props.mode === 'oidc' && <ProviderLink to={props.to} provider={props.provider} />}
          {props.mode === 'proxy' && <BehindProxy {...props} />}
        </section>
        <p className="text-xs text-quiet">
          You see what the cluster’s own rules let you see.{' '}
          <a className="text-accent underline underline-offset-2" href="/checks">
            What is checked
          </a>{' '}
          and{' '}
          <a className="text-accent underline underline-offset-2" href="/learn">
            how traffic finds its way
          </a>{' '}
          can be read without signing in.
        </p>
      </div>
    </main>
  );
}

function Notice({ error, hasSignedOut }: SignInProps) {
  if (error)
    return (
      <p role="alert" className="flex gap-2.5 rounded-xl bg-broken-soft px-3.5 py-3">
        <CircleAlert size={18} aria-hidden="true" className="mt-px shrink-0 text-broken" />
        <span>{ERRORS[error]}</span>
      </p>
    );
  if (!hasSignedOut) return null;
  return (
    <p role="status" className="flex gap-2.5 rounded-xl bg-sunken px-3.5 py-3">
      <CircleCheck size={18} aria-hidden="true" className="mt-px shrink-0 text-ok" />
      <span>You have signed out, in all tabs of this browser.</span>
    </p>
  );
}

const BUTTON =
  'flex h-11 w-full items-center justify-center gap-2 rounded-xl bg-accent-fill px-4 font-semibold text-accent-text hover:opacity-95';

/** Posted, so that the token stands in no address, no history and no log. */
function TokenForm({ to, failed }: { readonly to: string; readonly failed: boolean }) {
  return (
    <form method="post" action="/auth/token" className="flex flex-col gap-4">
      <Field>
        <label htmlFor="token" className="text-[15px] font-semibold">
          Your token for this cluster
        </label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={failed || undefined}
          aria-describedby="token-use"
          className="h-11 w-full rounded-xl border border-line-strong bg-canvas px-3 font-mono text-sm aria-invalid:border-broken"
        />
        <p id="token-use" className="text-xs text-soft">
          The cluster is asked once whose it is, and it is not kept.
        </p>
      </Field>
      <input type="hidden" name="to" value={to} />
      <button type="submit" className={BUTTON}>
        <LogIn size={17} aria-hidden="true" />
        Sign in
      </button>
      <details className="text-soft">
        <summary className="w-fit rounded-md text-xs font-medium text-accent">How do I get a token?</summary>
        <div className="flex flex-col gap-2 pt-2">
          <p className="text-xs">With rights to make one for a ServiceAccount of yours:</p>
          <Command text="kubectl create token NAME -n NAMESPACE --duration 8h" />
          <p className="text-xs">
            Where your kubeconfig signs you in with a token, that one will do. A role such as{' '}
            <code>view</code> in your namespaces is enough.
          </p>
        </div>
      </details>
    </form>
  );
}

function Field({ children }: { readonly children: ReactNode }) {
  return <div className="flex flex-col gap-2">{children}</div>;
}

function ProviderLink({ to, provider }: { readonly to: string; readonly provider: string }) {
  return (
    <>
      <p className="text-[15px]">
        You sign in at <strong className="name font-semibold">{provider}</strong> and come back here.
      </p>
      {/* No Link: it would be fetched ahead, and each start is a sign-in of its own. */}
      <a href={`/auth/start?${new URLSearchParams({ to })}`} className={BUTTON}>
        <LogIn size={17} aria-hidden="true" />
        Sign in
      </a>
    </>
  );
}

function BehindProxy({ to, refused }: SignInProps) {
  return (
    <>
      <div className="flex gap-2.5">
        <KeyRound size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-quiet" />
        <div className="flex flex-col gap-2">
          <h2 className="text-[15px] font-semibold">A proxy in front signs you in</h2>
          <p className="text-soft">
            Open the dashboard by the address that you were given for it. If you did, tell those who run it:
          </p>
          <p className="rounded-lg bg-sunken px-3 py-2 text-xs">
            {refused || 'The proxy is known now: try again.'}
          </p>
        </div>
      </div>
      <a href={to} className={BUTTON}>
        Try again
      </a>
    </>
  );
}

/** The mark of app/icon.svg. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-11 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f5fc4" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round">
        <path d="M8 16h5c4 0 3-7 8-7h1M13 16c4 0 3 7 8 7h1" />
        <path d="M8 16h14" opacity=".55" />
      </g>
      <g fill="#fff">
        <circle cx="8" cy="16" r="3" />
        <circle cx="24" cy="9" r="2.6" />
        <circle cx="24" cy="23" r="2.6" />
        <circle cx="24" cy="16" r="2.2" opacity=".75" />
      </g>
    </svg>
  );
}
