/** Finds the container that makes a workload a controller, and how sure that is (SEMANTICS 3). */
import type { Workload, WorkloadContainer } from '@/lib/kube/objects';
import { type Arguments, hasFlag, readArguments } from './arguments';
import { imageEndsWith, isOrdinaryImage, parseImage } from './image';
import type { Confidence } from './types';

export interface Signature {
  /** Path ends that only this product has. */
  readonly images: readonly string[];
  /** Last path segments under which mirrors keep it, but which others could use too. */
  readonly bases?: readonly string[];
  /** Programs, as they stand in command or args. */
  readonly programs?: readonly string[];
  /** Flags that only this product has. */
  readonly flags?: readonly string[];
  /** Labels of the pod template as its chart or manifest sets them: weak. */
  readonly labels?: readonly (readonly [string, string])[];
}

export interface Evidence {
  readonly container: WorkloadContainer;
  readonly args: Arguments;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

const HELPERS = /default-?backend|admission|webhook|certgen|exporter/;

function labelEvidence(workload: Workload, signature: Signature): string[] {
  const component =
    workload.templateLabels['app.kubernetes.io/component'] ?? workload.templateLabels.component ?? '';
  if (HELPERS.test(component) || HELPERS.test(workload.name)) return [];
  return (signature.labels ?? [])
    .filter(([key, value]) => workload.templateLabels[key] === value)
    .map(([key, value]) => `label ${key}=${value}`);
}

interface Said {
  /** An image path that only this product has. */
  readonly image: boolean;
  readonly base: boolean;
  readonly programs: readonly string[];
  readonly flags: readonly string[];
}

function said(container: WorkloadContainer, args: Arguments, signature: Signature): Said {
  const isProgram = (program: string) =>
    args.words.some((word) => word === program || word.endsWith(`/${program}`));
  return {
    image: signature.images.some((suffix) => imageEndsWith(container.image, suffix)),
    base: signature.bases?.includes(parseImage(container.image).base) ?? false,
    programs: (signature.programs ?? []).filter(isProgram),
    flags: (signature.flags ?? []).filter((flag) => hasFlag(args, flag)),
  };
}

/** The image's own path is certain; two of name, program and flags (or one and a label) are likely; labels alone are a guess. */
function confidenceOf(container: WorkloadContainer, found: Said, labels: number): Confidence | null {
  const { image, base, programs, flags } = found;
  const behaviour = programs.length + flags.length;
  if (image || (base && behaviour > 0)) return 'certain';
  if (isOrdinaryImage(container.image) && programs.length === 0) return null;
  if (base || behaviour > 1 || (behaviour === 1 && labels > 0)) return 'likely';
  return programs.length === 1 || labels > 0 ? 'guess' : null;
}

function judge(
  container: WorkloadContainer,
  args: Arguments,
  signature: Signature,
  labels: readonly string[],
): { confidence: Confidence; evidence: readonly string[] } | null {
  const found = said(container, args, signature);
  const confidence = confidenceOf(container, found, labels.length);
  if (!confidence) return null;
  const evidence = [
    ...(found.image || found.base ? [`image ${container.image}`] : []),
    ...found.programs.map((program) => `command ${program}`),
    ...found.flags.map((flag) => `argument --${flag}`),
    ...labels,
  ];
  return { confidence, evidence };
}

const RANK: Record<Confidence, number> = { certain: 2, likely: 1, guess: 0 };

interface WorkloadText {
  readonly workload: Workload;
  readonly text: string;
  /** So many signatures, in the order of `probes`, were looked for at once, and none of their words stands here. */
  readonly without: number;
  lines: readonly Arguments[] | null;
}

/** Every product looks at the same workload, one product after the other: the last reading is kept, and no more. */
let last: WorkloadText | null = null;

function reading(workload: Workload): WorkloadText {
  if (last?.workload !== workload) {
    const text = textOf(workload);
    last = { workload, text, without: anyProbe().test(text) ? 0 : probes.size, lines: null };
  }
  return last;
}

function argumentsOf(workload: Workload): readonly Arguments[] {
  const read = reading(workload);
  read.lines ??= workload.containers.map((container) => readArguments(workload, container));
  return read.lines;
}

/** All words in which a signature could stand. */
function textOf({ containers, templateLabels }: Workload): string {
  const words = containers.flatMap(({ image, command, args }) => [image, ...command, ...args]);
  return [...words, ...Object.values(templateLabels)].join('\n');
}

interface Probe {
  readonly nth: number;
  readonly pattern: RegExp;
}

/** Of all signatures asked for so far; they are constants of their products. */
const probes = new Map<Signature, Probe>();
/** Matches wherever one of `probes` does: of nearly every workload one look tells that it is no controller. */
let union: RegExp | null = null;

/** Nothing matches an empty class. */
const NOTHING = '[]';

function anyProbe(): RegExp {
  union ??= new RegExp(
    [NOTHING, ...[...probes.values()].map(({ pattern }) => pattern.source)].join('|'),
    'i',
  );
  return union;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches wherever some word of the signature stands at all: nearly every workload of a cluster is no controller. */
function probeOf(signature: Signature): Probe {
  const known = probes.get(signature);
  if (known) return known;
  const { images, bases = [], programs = [], flags = [], labels = [] } = signature;
  // Mirrors flatten paths: `ingress-nginx/controller` becomes `…-ingress-nginx-controller`.
  const paths = images.map((image) => image.split('/').map(escaped).join('[/-]'));
  const words = [...bases, ...programs, ...flags, ...labels.map(([, value]) => value)].map(escaped);
  const probe = { nth: probes.size, pattern: new RegExp([...paths, ...words].join('|'), 'i') };
  probes.set(signature, probe);
  union = null;
  return probe;
}

/** Whether the signature can be found; a `$(VARIABLE)` may hide a word, so there one has to look. */
function possible(workload: Workload, signature: Signature): boolean {
  const { text, without } = reading(workload);
  if (text.includes('$(')) return true;
  const { nth, pattern } = probeOf(signature);
  return nth >= without && pattern.test(text);
}

/** The container with the strongest evidence; the first one among equals. */
export function findEvidence(workload: Workload, signature: Signature): Evidence | null {
  if (!possible(workload, signature)) return null;
  const labels = labelEvidence(workload, signature);
  const lines = argumentsOf(workload);
  let best: Evidence | null = null;
  for (const [index, container] of workload.containers.entries()) {
    const args = lines[index];
    if (!args) continue;
    // Labels belong to the pod; alone they speak for its main container only, never for a sidecar.
    const judged = judge(container, args, signature, index === 0 ? labels : []);
    if (judged && (!best || RANK[judged.confidence] > RANK[best.confidence]))
      best = { container, args, ...judged };
  }
  return best;
}
