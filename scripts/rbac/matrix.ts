import { buildFixture, type Fixture } from '@/lib/diagnosis/testing/fixture';
import { scenarios } from '@/lib/diagnosis/testing/scenarios';
import type { KindName } from '@/lib/kube/objects';
import type { Right } from '@/lib/kube/rights';

type Inputs = Fixture['expect'];

/** How much is said of a check: 2 that it holds, 1 that it may, 0 nothing. */
function said({ objects, expect }: Fixture, code: string): number {
  const states = [...buildFixture(objects, expect).graph.findings.values()]
    .filter((finding) => finding.code === code)
    .map(({ state }) => (state === 'open' ? 2 : 1));
  return Math.max(0, ...states);
}

const unreadable = <T>(table: Readonly<Record<string, T>> | undefined) =>
  Object.fromEntries(Object.keys(table ?? {}).map((key) => [key, 'unreadable' as const]));

interface Shown extends Fixture {
  /** The check that the scenario is named after. */
  readonly own: string;
  readonly said: number;
}

let shown: readonly Shown[] | null = null;

/** The scenarios that show the check they are named after; built once. */
function showing(): readonly Shown[] {
  shown ??= scenarios().flatMap(({ name, objects, expect }) => {
    const own = name.split('/')[0] ?? '';
    const much = said({ objects, expect }, own);
    return much > 0 ? [{ objects, expect, own, said: much }] : [];
  });
  return shown;
}

/** The scenario as it looks to a dashboard that may not read the resource. */
function without({ objects, expect }: Fixture, resource: KindName): Fixture {
  const inputs: Inputs = {
    ...expect,
    coverage: { ...expect.coverage, [resource]: 'forbidden' },
    ...(resource === 'secrets' ? { secrets: unreadable(expect.secrets) } : {}),
    ...(resource === 'configmaps' ? { configmaps: unreadable(expect.configmaps) } : {}),
  };
  return { objects: objects.filter(({ kind }) => kind !== resource), expect: inputs };
}

function withoutLogs({ objects, expect }: Fixture): Fixture {
  return {
    objects,
    expect: { ...expect, logs: unreadable(expect.logs), crashes: unreadable(expect.crashes) },
  };
}

const bears = ({ objects, expect }: Fixture, { coverage, resource }: Right): boolean => {
  if (resource === 'pods/log') return expect.logs !== undefined || expect.crashes !== undefined;
  if (coverage === 'secrets' && expect.secrets !== undefined) return true;
  if (coverage === 'configmaps' && expect.configmaps !== undefined) return true;
  return objects.some(({ kind }) => kind === coverage);
};

/** The checks whose own scenarios no longer show them without a right, or only as unknown. Reviews are no part of the diagnosis. */
export function checksLost(right: Right): readonly string[] {
  const codes = new Set<string>();
  // Only opened by people: no check reads it.
  if (right.resource === 'replicasets') return [];
  for (const scenario of showing()) {
    if (codes.has(scenario.own) || !bears(scenario, right)) continue;
    const blind = right.coverage === null ? withoutLogs(scenario) : without(scenario, right.coverage);
    if (said(blind, scenario.own) < scenario.said) codes.add(scenario.own);
  }
  return [...codes].sort();
}
