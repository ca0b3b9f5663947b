'use client';

import { withCluster } from '@/components/clusters/addresses';
import { useClusterId } from '@/components/clusters/cluster-context';
import { CopyButton } from '@/components/ui/copy-button';
import type { Ref } from '@/lib/kube/refs';
import { toYaml } from './to-yaml';
import { useRemote } from './use-remote';

/** The object as the API server has it now, without secret values. */
export function YamlView({ objectRef, version }: { readonly objectRef: Ref; readonly version: number }) {
  const remote = useRemote(withCluster(objectUrl(objectRef), useClusterId()), readYaml, version);
  if (remote.state === 'failed')
    return <p className="text-xs text-soft">The object could not be read. {remote.problem}</p>;
  if (remote.state === 'loading') return <p className="text-xs text-quiet">Reading the object …</p>;
  return (
    <div className="flex flex-col gap-1.5">
      <CopyButton
        text={remote.value}
        label="Copy YAML"
        className="flex items-center gap-1 self-end rounded-md px-1.5 py-0.5 text-xs font-medium text-accent hover:bg-hover"
      />
      <pre className="break-words whitespace-pre-wrap rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-5">
        {remote.value}
      </pre>
    </div>
  );
}

export function objectUrl(ref: Ref): string {
  const parts = [
    ref.group === '' ? 'core' : ref.group,
    ref.version,
    ref.resource,
    ref.namespace === '' ? '-' : ref.namespace,
    ref.name,
  ];
  return `/api/v1/objects/${parts.map(encodeURIComponent).join('/')}`;
}

function readYaml(body: unknown): string | null {
  return typeof body === 'object' && body !== null ? toYaml(body) : null;
}
