'use client';

import { Handle, type NodeProps, Position } from '@xyflow/react';
import { ChevronRight, EyeOff } from 'lucide-react';
import { memo, useContext } from 'react';
import { ElsewhereSign } from '@/components/clusters/elsewhere';
import { CHANGE_SIGN, CHANGE_WORD, type Change } from '@/components/compare/changes';
import { kindWord } from '@/components/ui/kinds';
import { STATUS_CARD, STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText, isGhost, isWithheld } from '@/lib/layout/card-text';
import { fitFirst } from '@/lib/layout/fit-text';
import { HANG_X } from '@/lib/layout/wires';
import type { TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { ChangesContext } from './changes-context';
import type { CardNode } from './flow-types';
import { emphasisOf, useHighlight } from './highlight';

/** Padding, mark and the gap after it. */
const BESIDE_TEXT = 41;
const ARROW = 20;
/** A narrower group does without its arrow: how many are ready is worth more. */
const ROOM_FOR_ARROW = 120;

/** A node's card: mark, name, one line more. Names are text, whatever the cluster says. */
export const Card = memo(function Card({ id, data, width = 0 }: NodeProps<CardNode>) {
  const emphasis = useHighlight((state) => emphasisOf(state, 'nodes', id));
  const known = useContext(ChangesContext).get(id);
  const { node, selected } = data;
  const text = cardText(node);
  const status = knownStatus(node.status);
  const loud = status !== 'ok';
  const arrow = node.kind === 'group' && width >= ROOM_FOR_ARROW;
  const withheld = isWithheld(node);
  const room = width - BESIDE_TEXT - (arrow || withheld ? ARROW : 0);
  return (
    <>
      <Ends />
      <div
        data-emphasis={emphasis}
        data-status={status}
        title={text.sub === '' ? text.full : `${text.full}\n${text.sub}`}
        className={`atlas-card flex h-full w-full items-center gap-1.5 rounded-[10px] border px-2 shadow-card ${STATUS_CARD[status]} ${
          isGhost(node) ? 'border-[1.5px] border-dashed' : ''
        } ${withheld ? 'border-[1.5px] border-dotted border-line-strong text-soft' : ''} ${selected ? 'atlas-selected' : ''} ${known?.absent ? 'atlas-absent' : ''}`}
      >
        <StatusMark status={status} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-[14px] leading-[18px] font-semibold">
            <bdi dir="ltr">{fitFirst([text.title, ...text.titles], room, 14)}</bdi>
          </span>
          <span
            className={`block truncate text-[13px] leading-[18px] ${loud ? STATUS_TEXT[status] : 'text-quiet'}`}
          >
            <bdi dir="ltr">{fitFirst([text.sub, ...text.subs], room, 13, 400)}</bdi>
          </span>
          <Spoken node={node} />
        </span>
        {node.kind === 'host' && <ElsewhereSign id={id} />}
        {known && <Changed change={known.change} />}
        {withheld && <EyeOff size={14} aria-hidden="true" className="shrink-0 text-quiet" />}
        {arrow && <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-quiet" />}
      </div>
    </>
  );
});

/** Folded hosts: one quiet line with the way to see them. */
export const HostsCard = memo(function HostsCard({ id, data }: NodeProps<CardNode>) {
  const emphasis = useHighlight((state) => emphasisOf(state, 'nodes', id));
  const text = cardText(data.node);
  return (
    <>
      <Ends rise={data.riseX} />
      <div
        data-emphasis={emphasis}
        title={text.full}
        className={`atlas-card flex h-full w-full items-center gap-2 rounded-[10px] border border-dashed border-line-strong px-2.5 text-[13px] text-soft ${
          data.selected ? 'atlas-selected' : ''
        }`}
      >
        <StatusMark status={data.node.status} size={13} />
        <span className="min-w-0 flex-1 truncate">
          <bdi dir="ltr">{text.title}</bdi>: {text.sub}
        </span>
        <span className="font-medium text-accent">show</span>
        <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-accent" />
      </div>
    </>
  );
});

/** Where lines end. React Flow measures them in the page once a card is drawn, so they have to be there. */
function Ends({ rise }: { readonly rise?: number }) {
  return (
    <>
      <Handle id="in" type="target" position={Position.Left} isConnectable={false} />
      <Handle id="out" type="source" position={Position.Right} isConnectable={false} />
      <Handle
        id="hang"
        type="source"
        position={Position.Bottom}
        isConnectable={false}
        style={{ left: HANG_X }}
      />
      {rise !== undefined && (
        <Handle
          id="rise"
          type="source"
          position={Position.Top}
          isConnectable={false}
          style={{ left: rise }}
        />
      )}
    </>
  );
}

/** What is different here from what is compared with: a sign on the corner, in words for who hears. */
function Changed({ change }: { readonly change: Change }) {
  return (
    <span
      title={CHANGE_WORD[change]}
      className="absolute -top-2.5 -right-2 grid size-5.5 place-items-center rounded-full border-2 border-kept bg-panel text-[15px] leading-none font-bold text-kept"
    >
      <span aria-hidden="true">{CHANGE_SIGN[change]}</span>
      <span className="sr-only">, {CHANGE_WORD[change]}</span>
    </span>
  );
}

/** What a card shows by colour, shape and place, in words. */
function Spoken({ node }: { readonly node: TopologyNode }) {
  return <span className="sr-only">{`, ${kindWord(node)}, ${STATUS_WORD[knownStatus(node.status)]}`}</span>;
}
