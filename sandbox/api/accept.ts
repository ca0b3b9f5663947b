// Which form of an answer the client wants: plain, table or metadata only.
import { StatusError } from './status';

export type Format = 'plain' | 'table' | 'metadata';

function parameters(part: string): { type: string; as: string; group: string } {
  const [type = '', ...pairs] = part.split(';').map((piece) => piece.trim());
  const values = new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]));
  return { type, as: values.get('as') ?? '', group: values.get('g') ?? '' };
}

/** The first form in the Accept header that the server can give. */
export function formatOf(accept: string | undefined): Format {
  if (accept === undefined || accept === '') return 'plain';
  for (const part of accept.split(',')) {
    const { type, as } = parameters(part);
    if (!['application/json', 'application/*', '*/*', 'application/yaml'].includes(type)) continue;
    if (as === 'Table') return 'table';
    if (as.startsWith('PartialObjectMetadata')) return 'metadata';
    if (as === '') return 'plain';
  }
  if (/\bapplication\/(json|\*)|\*\/\*|text\//.test(accept)) return 'plain';
  const message = 'only the following media types are accepted: application/json';
  throw new StatusError(406, 'NotAcceptable', message);
}

/** Whether the client understands aggregated discovery, and in which version. */
export function discoveryVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const part of (accept ?? '').split(',')) {
    const { as, group } = parameters(part);
    if (as !== 'APIGroupDiscoveryList' || group !== 'apidiscovery.k8s.io') continue;
    if (/;\s*v=v2(;|$)/.test(part)) return 'v2';
    if (part.includes('v=v2beta1')) return 'v2beta1';
  }
  return undefined;
}
