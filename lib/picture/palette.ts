/** Colours of pictures: the page's tokens of both themes, held equal to app/globals.css by a test. */
import type { Status } from '@/lib/topology/model';

export type Theme = 'light' | 'dark';

export const PALETTE = {
  light: {
    canvas: '#f5f7fa',
    panel: '#ffffff',
    card: '#ffffff',
    line: '#d8e0e8',
    'line-strong': '#b4c1ce',
    wire: '#a9b8c7',
    text: '#131c26',
    'text-soft': '#3c4a59',
    'text-quiet': '#566475',
    accent: '#0f5fc4',
    ok: '#0b7a53',
    broken: '#c01f2e',
    'broken-soft': '#fdeced',
    degraded: '#b03a0b',
    'degraded-soft': '#fdf0e8',
    warning: '#8a5a00',
    'warning-soft': '#fbf3df',
    unknown: '#5a45c8',
    'unknown-soft': '#f0edfd',
    pending: '#3f6079',
    'pending-soft': '#eaf1f6',
  },
  dark: {
    canvas: '#0a0e13',
    panel: '#10161d',
    card: '#161d26',
    line: '#263241',
    'line-strong': '#3b4a5c',
    wire: '#3d4f63',
    text: '#e9eff6',
    'text-soft': '#b9c5d2',
    'text-quiet': '#94a3b4',
    accent: '#63acff',
    ok: '#43c58d',
    broken: '#ff7b7b',
    'broken-soft': '#2b1519',
    degraded: '#ff9a5c',
    'degraded-soft': '#2b1a10',
    warning: '#e5b04a',
    'warning-soft': '#28200f',
    unknown: '#b5a3ff',
    'unknown-soft': '#1d1a33',
    pending: '#8fb4d2',
    'pending-soft': '#14212c',
  },
} as const satisfies Readonly<Record<Theme, Readonly<Record<string, string>>>>;

export type Palette = Readonly<Record<keyof (typeof PALETTE)['light'], string>>;

/** Border, how much of it shows, and ground of a card in a status: as the page has them. */
export function cardColours(
  status: Status,
  palette: Palette,
): { line: string; strength: number; ground: string } {
  if (status === 'ok') return { line: palette.line, strength: 1, ground: palette.card };
  const strength = status === 'broken' ? 0.8 : status === 'degraded' ? 0.7 : 0.6;
  return { line: palette[status], strength, ground: palette[`${status}-soft`] };
}
