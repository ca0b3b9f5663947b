/** Colours of statuses. Colour is never the only sign: each status has a shape (status-mark) and a word (lib/topology/status-words) too. */
import type { Status } from '@/lib/topology/model';

export const STATUS_TEXT: Readonly<Record<Status, string>> = {
  ok: 'text-ok',
  warning: 'text-warning',
  degraded: 'text-degraded',
  broken: 'text-broken',
  unknown: 'text-unknown',
  pending: 'text-pending',
};

/** Border and ground of a card in that status; healthy stays quiet. */
export const STATUS_CARD: Readonly<Record<Status, string>> = {
  ok: 'border-line bg-card',
  warning: 'border-warning/60 bg-warning-soft',
  degraded: 'border-degraded/70 bg-degraded-soft',
  broken: 'border-broken/80 bg-broken-soft',
  unknown: 'border-unknown/60 bg-unknown-soft',
  pending: 'border-pending/60 bg-pending-soft',
};
