/** Rules that no request reaches, because an earlier one of their host takes all that they would (CHECKS `rule-shadowed-path`). */
import { precedes } from '@/lib/routing/order';
import { openEnded } from '@/lib/routing/regex';
import type { Arena, Contender } from './arena';

interface Shadow {
  readonly loser: Contender;
  readonly winner: Contender;
}

/** A rule that takes everything below a literal path. */
interface Wide {
  readonly rule: Contender;
  /** By elements; else by characters. */
  readonly whole: boolean;
}

/** Each shadowed rule once, with one that shadows it. Looks at each character of a path once, not at each pair of rules. */
export function shadows(arena: Arena): readonly Shadow[] {
  if (arena.contenders.length < 2) return [];
  const wide = widest(arena);
  if (wide.size === 0) return [];
  return arena.contenders.flatMap((loser) => {
    const winner = shadowOf(loser, wide, arena);
    return winner ? [{ loser, winner }] : [];
  });
}

/** Open-ended rules by the literal that they begin with. */
function widest(arena: Arena): ReadonlyMap<string, readonly Wide[]> {
  const found = new Map<string, Wide[]>();
  for (const rule of arena.contenders) {
    const open = openOf(rule, arena);
    if (!open) continue;
    const entry = { rule, whole: open.whole };
    found.set(open.literal, [...(found.get(open.literal) ?? []), entry]);
  }
  return found;
}

function openOf(
  rule: Contender,
  { dialect, regexMode }: Arena,
): { readonly literal: string; readonly whole: boolean } | null {
  if (dialect.type === 'ingress-nginx' && regexMode) {
    const open = openEnded(rule.path);
    // Without an anchor at its end every expression is open-ended: `^/foo` takes `/foobar`.
    return open ?? (/^[\w/-]*$/.test(rule.path) ? { literal: rule.path, whole: false } : null);
  }
  // Where the longest path comes first by itself, no Prefix shadows another path.
  const writtenOrder = dialect.type === 'aws-alb' || dialect.type === 'traefik';
  if (!writtenOrder || rule.pathType !== 'Prefix') return null;
  const trimmed = rule.path.replace(/\/$/, '');
  return dialect.prefix === 'segments'
    ? { literal: trimmed, whole: true }
    : dialect.prefix === 'text'
      ? { literal: rule.path, whole: false }
      : null;
}

/** The literal that every request of a rule begins with; null where it cannot be told. */
function beginning(rule: Contender, { regexMode }: Arena): string | null {
  if (!regexMode) return rule.pathType === 'ImplementationSpecific' ? null : rule.path;
  const open = openEnded(rule.path);
  if (open) return open.literal;
  return /^[\w/-]*$/.test(rule.path) ? rule.path : null;
}

function shadowOf(
  loser: Contender,
  wide: ReadonlyMap<string, readonly Wide[]>,
  arena: Arena,
): Contender | null {
  const start = beginning(loser, arena);
  if (start === null) return null;
  for (let end = 0; end <= start.length; end += 1) {
    for (const { rule, whole } of wide.get(start.slice(0, end)) ?? []) {
      const inside = !whole || end === start.length || start[end] === '/';
      if (inside && isEarlier(rule, loser, arena, whole)) return rule;
    }
  }
  return null;
}

/** Twins are told as duplicates; what leads to the same backend harms nobody. */
function isEarlier(winner: Contender, loser: Contender, arena: Arena, whole: boolean): boolean {
  if (winner === loser || winner.backend === loser.backend) return false;
  if (winner.path === loser.path && winner.pathType === loser.pathType) return false;
  // `/foo(/|$)` does not take what `/foo` takes beyond it by characters.
  if (
    arena.regexMode &&
    whole &&
    openEnded(loser.path)?.whole !== true &&
    loser.path === openEnded(winner.path)?.literal
  )
    return false;
  return precedes(winner, loser, arena.dialect, arena.regexMode) === 'first';
}
