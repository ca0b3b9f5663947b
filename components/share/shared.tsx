'use client';

import { Check, Download, ExternalLink, FileText, Image as ImageIcon, Link2, Trash2 } from 'lucide-react';
import { type ComponentType, useEffect, useState } from 'react';
import { utcDay } from '@/components/moment/times';
import { copyText } from '@/components/ui/clipboard';
import type { SnapshotCreated } from '@/lib/wire/snapshot';
import { copyPicture } from './copy-picture';
import { revokeSnapshot } from './snapshot-api';
import { useMarkdown } from './use-markdown';
import { drawnTheme } from './use-preview';

interface Props {
  readonly created: SnapshotCreated;
  readonly onRevoked: () => void;
}

type Part = 'link' | 'picture' | 'markdown';

/** The link, and every way to take it along. */
export function Shared({ created, onRevoked }: Props) {
  const [said, setSaid] = useState('');
  const [copied, setCopied] = useState<Part | null>(null);
  const markdown = useMarkdown(created);
  const path = `/api/v1/snapshots/${encodeURIComponent(created.id)}`;
  const theme = drawnTheme();
  const copying = async (part: Part, done: Promise<boolean>, failed: string) => {
    const ok = await done;
    setCopied(ok ? part : null);
    setSaid(
      ok ? { link: 'Link copied', picture: 'Picture copied', markdown: 'Markdown copied' }[part] : failed,
    );
  };
  // Once, right away: most want nothing but the link. Where the browser refuses, the button is still there.
  useEffect(() => {
    void copyText(created.url).then((ok) => {
      setCopied(ok ? 'link' : null);
      setSaid(ok ? 'Link copied' : '');
    });
  }, [created.url]);
  return (
    <div className="flex flex-col gap-4 text-sm">
      <a href={`${path}/image.png?theme=${theme}&size=wide`} target="_blank" rel="noreferrer">
        {/* biome-ignore lint/performance/noImgElement: made once by our own server, nothing to optimise */}
        <img
          src={`${path}/image.png?theme=${theme}&size=card`}
          alt="What chats and tickets will show"
          width={1200}
          height={630}
          className="h-auto w-full rounded-xl border border-line bg-sunken"
        />
      </a>
      <LinkRow url={created.url} />
      <div className="grid grid-cols-3 gap-2 max-sm:grid-cols-1">
        <Copy
          icon={Link2}
          label="Copy link"
          done={copied === 'link'}
          onClick={() => void copying('link', copyText(created.url), 'Select the link and copy it by hand')}
        />
        <Copy
          icon={ImageIcon}
          label="Copy picture"
          done={copied === 'picture'}
          onClick={() =>
            void copying(
              'picture',
              copyPicture(`${path}/image.png?theme=light&size=wide`),
              'This browser copies no pictures here (that needs https): download the PNG',
            )
          }
        />
        <Copy
          icon={FileText}
          label="Copy as Markdown"
          done={copied === 'markdown'}
          onClick={() =>
            void copying(
              'markdown',
              markdown === null ? Promise.resolve(false) : copyText(markdown),
              'It could not be copied',
            )
          }
        />
      </div>
      <p role="status" className="-my-2 min-h-4.5 text-xs text-soft">
        {said}
      </p>
      <Downloads path={path} theme={theme} />
      <Revoke created={created} onRevoked={onRevoked} />
    </div>
  );
}

function LinkRow({ url }: { readonly url: string }) {
  return (
    <div className="flex items-center gap-2">
      <input
        readOnly
        aria-label="Link to the frozen moment"
        value={url}
        onFocus={(event) => event.target.select()}
        className="min-w-0 flex-1 rounded-lg border border-line bg-card px-2.5 py-2 font-mono text-xs"
      />
      <a
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label="Open the frozen moment"
        className="grid size-9 shrink-0 place-items-center rounded-lg border border-line text-soft hover:text-text"
      >
        <ExternalLink size={15} aria-hidden="true" />
      </a>
    </div>
  );
}

interface CopyProps {
  readonly icon: ComponentType<{ size: number; 'aria-hidden': 'true' }>;
  readonly label: string;
  readonly done: boolean;
  readonly onClick: () => void;
}

function Copy({ icon, label, done, onClick }: CopyProps) {
  const Icon = done ? Check : icon;
  return (
    <button
      type="button"
      onClick={onClick}
      className={`flex h-10 items-center justify-center gap-2 rounded-lg border text-xs font-medium ${
        done ? 'border-ok text-ok' : 'border-line text-text hover:border-line-strong hover:bg-hover'
      }`}
    >
      <Icon size={15} aria-hidden="true" />
      {label}
    </button>
  );
}

function Downloads({ path, theme }: { readonly path: string; readonly theme: string }) {
  const files = [
    ['PNG', `${path}/image.png?theme=${theme}&size=wide`],
    ['SVG', `${path}/image.svg?theme=${theme}`],
    ['JSON', `${path}/export`],
  ] as const;
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs">
      <span className="flex items-center gap-1.5 text-quiet">
        <Download size={14} aria-hidden="true" />
        Download
      </span>
      {files.map(([name, href]) => (
        <a
          key={name}
          href={href}
          download={name === 'PNG' ? 'ingress-atlas.png' : ''}
          className="rounded-md border border-line px-2.5 py-1 font-medium text-accent hover:bg-hover"
        >
          {name}
        </a>
      ))}
    </p>
  );
}

/** The right to revoke is in this dialog only: it is told once. */
function Revoke({ created, onRevoked }: Pick<Props, 'created' | 'onRevoked'>) {
  const [state, setState] = useState<'idle' | 'sure' | 'busy'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  const revoke = async () => {
    setState('busy');
    const asked = await revokeSnapshot(created);
    if (asked.ok) return onRevoked();
    setProblem(asked.problem);
    setState('idle');
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3 text-xs">
      <p className="text-quiet">
        Kept until {utcDay(created.expiresAt)}. It can be revoked here, while this is open.
      </p>
      <button
        type="button"
        disabled={state === 'busy'}
        onClick={() => (state === 'idle' ? setState('sure') : void revoke())}
        className="flex items-center gap-1.5 rounded-md px-2 py-1.5 font-medium text-broken hover:bg-broken-soft"
      >
        <Trash2 size={14} aria-hidden="true" />
        {state === 'idle' ? 'Revoke' : state === 'sure' ? 'Revoke for good?' : 'Revoking …'}
      </button>
      {problem !== null && (
        <p role="alert" className="name basis-full text-broken">
          {problem}
        </p>
      )}
    </div>
  );
}
