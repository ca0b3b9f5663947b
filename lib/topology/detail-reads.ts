/** Reads of `detail`, whose fields may be missing or, from a newer server, of another shape. */
import type { Detail } from '@/lib/topology/model';

export function textOf(detail: Detail, key: string): string {
  const value = detail[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function numberOf(detail: Detail, key: string): number | null {
  const value = detail[key];
  return typeof value === 'number' ? value : null;
}

export function listOf(detail: Detail, key: string): readonly string[] {
  const value = detail[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function recordOf(detail: Detail, key: string): Detail | null {
  const value = detail[key];
  return isRecord(value) ? value : null;
}

export function recordsOf(detail: Detail, key: string): readonly Detail[] {
  const value = detail[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
