'use client';

import { CloudOff, KeyRound, type LucideIcon, PlugZap, Route, ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Link } from '@/components/data/protocol';
import { Command } from '@/components/panels/command';
import type { ClusterInfo, Coverage } from '@/lib/topology/model';

interface FrameProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
}

/** A state that fills the picture's place: what is the matter, and the next step. */
export function StateFrame({ icon: Icon, title, children }: FrameProps) {
  return (
    <section className="mx-auto flex w-full max-w-xl flex-col gap-3 px-6 py-12">
      <Icon size={28} strokeWidth={1.6} aria-hidden="true" className="text-quiet" />
      <h2 className="text-xl font-semibold">{title}</h2>
      <div className="flex flex-col gap-3 text-soft">{children}</div>
    </section>
  );
}

/** `limited`: the viewer sees only some namespaces. */
export function EmptyState({
  outOfScope,
  limited,
}: {
  readonly outOfScope: number;
  readonly limited: boolean;
}) {
  const where = limited ? 'the namespaces that you may see' : 'this cluster';
  return (
    <StateFrame icon={Route} title={`Nothing leads into ${where} yet`}>
      <p>
        There is no Ingress, Route or Gateway, and no Service of type LoadBalancer or NodePort
        {outOfScope > 0
          ? `; ${outOfScope === 1 ? '1 internal Service is' : `${outOfScope} internal Services are`} here and can be found by search`
          : ''}
        . As soon as one is created it appears here by itself.
      </p>
      <p>To lead a host to a Service of yours:</p>
      <Command
        text={'kubectl create ingress my-app --class=nginx \\\n  --rule="www.example.com/*=my-service:80"'}
      />
      <p>An Ingress needs a running controller of its class. To see which classes there are:</p>
      <Command text="kubectl get ingressclasses" />
    </StateFrame>
  );
}

export function NoMatchState({ onClear }: { readonly onClear: () => void }) {
  return (
    <StateFrame icon={Route} title="No chain matches the filters">
      <p>The cluster is not empty: the filters leave nothing of it.</p>
      <p>
        <button
          type="button"
          onClick={onClear}
          className="rounded-lg bg-accent-fill px-4 py-2 font-medium text-accent-text"
        >
          Clear filters
        </button>
      </p>
    </StateFrame>
  );
}

export function NotReachedState({ id, onShowAll }: { readonly id: string; readonly onShowAll: () => void }) {
  return (
    <StateFrame icon={Route} title="No chain leads here">
      <p>
        <strong className="name">{id}</strong> is internal only or gone: no rule and no load balancer leads to
        it, so no traffic from outside can reach it.
      </p>
      <p>
        <button
          type="button"
          onClick={onShowAll}
          className="rounded-lg bg-accent-fill px-4 py-2 font-medium text-accent-text"
        >
          Show all chains
        </button>
      </p>
    </StateFrame>
  );
}

export function ForbiddenState({ coverage }: { readonly coverage: readonly Coverage[] }) {
  const missing = coverage.filter((item) => item.state === 'forbidden');
  return (
    <StateFrame icon={ShieldAlert} title="The cluster lets us in, but shows us nothing to draw">
      <p>
        The account that this dashboard uses may not read what it needs. Nothing is broken; we just may not
        look.
      </p>
      <ul className="flex flex-col gap-3">
        {missing.map((item) => (
          <li key={item.resource} className="flex flex-col gap-1.5">
            <span className="name text-xs">
              <strong className="font-semibold">{item.resource}</strong> {item.reason}
            </span>
            {item.fix !== '' && <Command text={item.fix} />}
          </li>
        ))}
      </ul>
    </StateFrame>
  );
}

/** The cluster does not let us see it. Null while it does. */
export function ClusterState({ cluster }: { readonly cluster: ClusterInfo }) {
  if (cluster.connection === 'unauthorized') {
    return (
      <StateFrame icon={KeyRound} title="The cluster refuses our credentials">
        <p>
          The API server of <strong className="name">{cluster.name}</strong> does not let us in. A token or
          certificate has most likely expired. The dashboard keeps trying.
        </p>
        <Reason text={cluster.reason} />
        <p>Check what the dashboard signs in with:</p>
        <Command text="kubectl auth whoami" />
      </StateFrame>
    );
  }
  return (
    <StateFrame icon={CloudOff} title="The cluster does not answer">
      <p>
        The API server of <strong className="name">{cluster.name}</strong> cannot be reached from the
        dashboard. It keeps trying and goes on by itself.
      </p>
      <Reason text={cluster.reason} />
      <p>
        From the machine that runs the dashboard, check the address and the way to it (VPN, firewall, proxy):
      </p>
      <Command text="kubectl cluster-info" />
      <Command text="kubectl config view --minify" />
    </StateFrame>
  );
}

/** What was heard last, in the words of who said it. */
function Reason({ text = '' }: { readonly text?: string | undefined }) {
  if (text === '') return null;
  return (
    <p>
      The last attempt ended with: <strong className="name font-medium">{text}</strong>
    </p>
  );
}

/** The dashboard's own server does not answer, and there is nothing older to show. */
export function LinkState({ link }: { readonly link: Link }) {
  if (link.state === 'unauthorized') {
    return (
      <StateFrame icon={ShieldAlert} title="This is not for you to see">
        <p>{link.problem ?? 'The dashboard, or something in front of it, does not let you in.'}</p>
        <p>
          Nothing is broken by that. Who runs this cluster can let you see more; it shows here by itself then.
        </p>
      </StateFrame>
    );
  }
  if (link.state === 'signed-out') {
    return (
      <StateFrame icon={KeyRound} title="You are signed out">
        <p>{link.problem ?? 'The dashboard wants to know who you are.'}</p>
        <p>
          <a href="/" className="rounded-lg bg-accent-fill px-4 py-2 font-medium text-accent-text">
            Sign in again
          </a>
        </p>
      </StateFrame>
    );
  }
  return (
    <StateFrame icon={PlugZap} title="The dashboard does not answer">
      <p>{link.problem ?? 'The line to the dashboard’s own server is down.'} It is tried again by itself.</p>
      <p>If it stays so, see whether it runs:</p>
      <Command text="curl -s http://localhost:3000/healthz" />
    </StateFrame>
  );
}
