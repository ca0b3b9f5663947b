/* Figures with their targets: a table for people, JSON for comparison. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './processes';
import { round } from './statistics';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most that is good; absent: for information. */
  readonly target?: number;
  /** How often measured, and what of it the value is. */
  readonly how: string;
}

export interface Result {
  readonly name: string;
  /** The cluster it was taken on. */
  readonly on: string;
  readonly figures: readonly Figure[];
  /** Everything that was measured, for whoever wants to know more. */
  readonly samples: Readonly<Record<string, unknown>>;
}

function machine(): Readonly<Record<string, string | number>> {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? '',
    cores: cpus().length,
    memoryGiB: round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** What else ran meanwhile: the average of the last minutes, ours included. */
function load(): readonly number[] {
  return loadavg().map(round);
}

/** A line for people where the machine was too busy for the clock to mean much; empty otherwise. */
export function noiseWarning(): string {
  const [minute = 0] = load();
  const busy = minute > cpus().length * 1.5;
  return busy
    ? `load ${minute} on ${cpus().length} cores: figures by the clock, met or missed, are not to be trusted`
    : '';
}

/** Writes one result; answers the path. */
export function writeResult(result: Result, now: Date): string {
  const folder = join(ROOT, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${now.toISOString().slice(0, 10)}-${result.name}.json`);
  const rounded = result.figures.map((figure) => ({ ...figure, value: round(figure.value) }));
  const body = { ...result, figures: rounded, takenAt: now.toISOString(), machine: machine(), load: load() };
  writeFileSync(path, `${JSON.stringify(body, null, 2)}\n`);
  return path;
}

/** A table with one line a figure. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.figures.map((figure) => [result.name, figure.name, amount(figure), targetOf(figure), figure.how]),
  );
  const all = [['bench', 'figure', 'value', 'target', 'how'], ...rows];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function amount({ value, unit }: Figure): string {
  return `${round(value)} ${unit}`.trim();
}

function targetOf({ value, unit, target }: Figure): string {
  if (target === undefined) return '';
  return `${value <= target ? 'met ' : 'MISSED'} ≤ ${target} ${unit}`.trim();
}
