/** Builds recognised workloads from flags, noting what could not be read. */
import type { LabelSelector, Workload } from '@/lib/kube/objects';
import { type Arguments, type Reading, readText } from './arguments';
import type { Evidence } from './evidence';
import { imageVersion } from './image';
import { parseLabelSelector } from './label-selector';
import type { ControllerType, RecognisedWorkload } from './types';

type Settings = Partial<RecognisedWorkload> & Pick<RecognisedWorkload, 'role'>;

/** A recognised workload with the given settings over harmless defaults. */
export function recognised(
  type: ControllerType,
  workload: Workload,
  found: Evidence,
  settings: Settings,
): RecognisedWorkload {
  return {
    type,
    namespace: workload.namespace,
    name: workload.name,
    image: found.container.image,
    version: imageVersion(found.container.image),
    controllerValues: [],
    ingressClass: '',
    watchWithoutClass: 'unknown',
    classByName: false,
    watchNamespaces: null,
    ignoredNamespaces: [],
    watchNamespaceSelector: null,
    ingressSelector: null,
    publishService: null,
    predatesV1: false,
    disableCatchAll: false,
    servesIngress: true,
    fieldFirst: false,
    allowEmptyServices: 'unknown',
    nginxProvider: null,
    unreadable: [],
    confidence: found.confidence,
    evidence: found.evidence,
    ...settings,
  };
}

/** Reads text flags and remembers the unreadable ones. */
export class FlagReader {
  readonly unreadable: string[] = [];
  readonly args: Arguments;

  constructor(args: Arguments) {
    this.args = args;
  }

  /** Notes a reading that came from elsewhere; empty when absent or unreadable. */
  note(name: string, reading: Reading, otherwise = ''): string {
    if (reading.state === 'unreadable') this.unreadable.push(name);
    if (reading.state === 'absent') return otherwise;
    return reading.state === 'set' ? reading.value : '';
  }

  text(name: string, otherwise = ''): string {
    return this.note(name, readText(this.args, name), otherwise);
  }

  /** Comma list of namespaces; absent or empty means all. */
  namespaces(
    name: string,
    reading: Reading = readText(this.args, name),
  ): readonly string[] | null | 'unknown' {
    if (reading.state === 'absent') return null;
    if (reading.state === 'unreadable') {
      this.unreadable.push(name);
      return 'unknown';
    }
    const values = reading.value
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '');
    return values.length > 0 ? values : null;
  }

  selector(name: string): LabelSelector | null | 'unknown' {
    const reading = readText(this.args, name);
    if (reading.state === 'absent' || (reading.state === 'set' && reading.value.trim() === '')) return null;
    const parsed = reading.state === 'set' ? parseLabelSelector(reading.value) : null;
    if (parsed) return parsed;
    this.unreadable.push(name);
    return 'unknown';
  }

  /** `NAMESPACE/NAME`; a bare name lies in `namespace`. */
  service(name: string, namespace: string, reading: Reading = readText(this.args, name)): string | null {
    const value = this.note(name, reading);
    if (value === '') return null;
    return value.includes('/') ? value : `${namespace}/${value}`;
  }
}

/** Namespaces by list and by selector: an unreadable selector makes the list unknown. */
export function watched(
  namespaces: readonly string[] | null | 'unknown',
  selector: LabelSelector | null | 'unknown',
): Pick<RecognisedWorkload, 'watchNamespaces' | 'watchNamespaceSelector'> {
  if (selector === 'unknown') return { watchNamespaces: 'unknown', watchNamespaceSelector: null };
  return { watchNamespaces: namespaces, watchNamespaceSelector: selector };
}
