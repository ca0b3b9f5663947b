'use client';

import { Tabs } from '@base-ui/react/tabs';
import { ChevronRight, Crosshair, X } from 'lucide-react';
import { ElsewhereList } from '@/components/clusters/elsewhere';
import type { Marks } from '@/components/data/mark-store';
import { KindIcon } from '@/components/graph/kind-icon';
import { useMoment } from '@/components/moment/moment';
import { CopyButton } from '@/components/ui/copy-button';
import { kindWord } from '@/components/ui/kinds';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText } from '@/lib/layout/card-text';
import type { Scene } from '@/lib/layout/scene';
import { CONCEPTS_OF_KIND, conceptBySlug } from '@/lib/learn/concepts';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { causes } from '@/lib/topology/problems';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { Checklist } from './checklist';
import { Command } from './command';
import { concept } from './concepts';
import { factsOf } from './facts';
import { FindingCard } from './finding-card';
import { FixPanel } from './fix-panel';
import { findingsAt, neighboursOf, routeOf } from './inspected';
import { nodeCommands } from './node-commands';
import { Related } from './related';
import { Risk } from './risk-list';
import { Settings } from './settings';
import { YamlView } from './yaml-view';

interface Props {
  readonly node: TopologyNode;
  readonly scene: Scene;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly version: number;
  readonly now: number;
  readonly marks: Marks;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly onClose: () => void;
}

/** Everything about the selected node. */
export function Inspector(props: Props) {
  const { node } = props;
  const live = useMoment().kind === 'live';
  return (
    <div className="flex flex-col gap-4 p-4">
      <Head {...props} />
      <Tabs.Root defaultValue="what" key={node.id}>
        {live && node.ref?.uid !== undefined && (
          <Tabs.List className="mb-4 flex gap-1 border-b border-line">
            <TabLabel value="what">Overview</TabLabel>
            <TabLabel value="yaml">YAML</TabLabel>
          </Tabs.List>
        )}
        <Tabs.Panel value="what" className="flex flex-col gap-5">
          <Overview {...props} />
        </Tabs.Panel>
        {live && node.ref && (
          <Tabs.Panel value="yaml">
            <YamlView objectRef={node.ref} version={props.version} />
          </Tabs.Panel>
        )}
      </Tabs.Root>
    </div>
  );
}

function TabLabel({ value, children }: { readonly value: string; readonly children: string }) {
  return (
    <Tabs.Tab
      value={value}
      className="-mb-px border-b-2 border-transparent px-2 py-1.5 text-xs font-medium text-quiet data-active:border-accent data-active:text-text"
    >
      {children}
    </Tabs.Tab>
  );
}

function Head({ node, onFocus, onClose }: Props) {
  const status = knownStatus(node.status);
  const text = cardText(node);
  const button = 'grid size-8 place-items-center rounded-md text-soft hover:bg-hover hover:text-text';
  return (
    <header>
      <div className="flex items-center gap-1">
        <p className="eyebrow flex flex-1 items-center gap-1.5">
          <KindIcon kind={node.kind} />
          {kindWord(node)}
        </p>
        <button
          type="button"
          className={button}
          onClick={() => onFocus(node.id)}
          title="Show only the chains through this"
          aria-label="Show only the chains through this"
        >
          <Crosshair size={16} aria-hidden="true" />
        </button>
        <button
          type="button"
          className={button}
          onClick={onClose}
          title="Close (Esc)"
          aria-label="Close the inspector"
        >
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      <div className="flex items-start gap-1">
        <h2 className="name min-w-0 flex-1 text-lg leading-6 font-semibold">{text.full}</h2>
        <CopyButton
          text={node.name}
          label={`Copy name ${node.name}`}
          className="mt-0.5 flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs text-quiet hover:bg-hover hover:text-text"
        >
          Name
        </CopyButton>
      </div>
      <p className={`mt-1 flex items-center gap-1.5 text-xs font-medium ${STATUS_TEXT[status]}`}>
        <StatusMark status={status} size={14} />
        {STATUS_WORD[status]}
        {status === 'ok' && <span className="font-normal text-quiet">· traffic not measured</span>}
      </p>
    </header>
  );
}

function Overview({ node, scene, findings, version, now, marks, onOpen }: Props) {
  const live = useMoment().kind === 'live';
  const found = findingsAt(node, scene, findings);
  const here = found.filter((finding) => finding.impact === 'traffic' && !isNote(finding));
  const risks = found.filter((finding) => !here.includes(finding));
  const route = routeOf(node, scene);
  const facts = factsOf(node);
  const fixes = [...new Set(here.flatMap((finding) => [...causes(finding, findings)].reverse()))];
  return (
    <>
      <p className="text-xs text-soft">
        {concept(node.kind)} <Learn kind={node.kind} />
      </p>
      {here.length > 0 && (
        <section aria-label="Findings" className="flex flex-col gap-2">
          {here.map((finding) => (
            <FindingCard key={finding.id} finding={finding} all={findings} now={now} marks={marks} />
          ))}
        </section>
      )}
      <FixPanel findings={fixes} />
      {facts.length > 0 && (
        <section aria-label="Facts">
          <h3 className="eyebrow mb-1">Facts</h3>
          <dl className="text-xs">
            {facts.map((fact) => (
              <div key={fact.label} className="flex gap-3 border-b border-line py-1.5 last:border-0">
                <dt className="w-28 shrink-0 text-quiet">{fact.label}</dt>
                <dd className={`name min-w-0 flex-1 ${fact.mono ? 'font-mono' : ''}`}>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <ElsewhereList node={node} />
      <Settings node={node} />
      {route && live && <Checklist host={route.host} path={route.path} version={version} />}
      <Commands texts={nodeCommands(node)} />
      <Risks risks={risks} />
      <Related nodes={neighboursOf(node, scene)} onOpen={onOpen} />
      {!live && <Apart folded={node.kind === 'group'} />}
    </>
  );
}

/** What is asked of the cluster now would not belong to the moment that is shown. */
function Apart({ folded }: { readonly folded: boolean }) {
  return (
    <p className="border-t border-line pt-3 text-xs text-quiet">
      YAML and the checklist are read from the cluster as it is now, so they are not shown with a moment of
      the past.{folded ? ' What this group folds away was not kept one by one.' : ''}
    </p>
  );
}

/** Pages that explain this hop to those who are learning. */
function Learn({ kind }: { readonly kind: string }) {
  return (CONCEPTS_OF_KIND[kind] ?? []).map((slug, index) => (
    <span key={slug}>
      {index > 0 && ' · '}
      <a
        href={`/learn/${slug}`}
        target="_blank"
        rel="noreferrer"
        className="font-medium whitespace-nowrap text-accent hover:underline"
      >
        {conceptBySlug(slug)?.title}
      </a>
    </span>
  ));
}

/** For who would rather look by hand. */
function Commands({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <details className="group">
      <summary className="eyebrow flex list-none items-center gap-1">
        <ChevronRight size={14} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        Commands that look
      </summary>
      <div className="mt-2 flex flex-col gap-1.5">
        {texts.map((text) => (
          <Command key={text} text={text} />
        ))}
      </div>
    </details>
  );
}

function isNote(finding: Finding): boolean {
  return finding.state === 'open' && finding.severity === 'info';
}

/** Quiet, and after everything that harms traffic. */
function Risks({ risks }: { readonly risks: readonly Finding[] }) {
  if (risks.length === 0) return null;
  return (
    <section aria-label="Risks and notes">
      <h3 className="eyebrow mb-1">Risks and notes, no traffic harmed</h3>
      <ul className="-mx-3">
        {risks.map((finding) => (
          <Risk key={finding.id} finding={finding} onShow={null} asked={null} />
        ))}
      </ul>
    </section>
  );
}
