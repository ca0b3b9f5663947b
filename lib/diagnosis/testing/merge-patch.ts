/**
 * RFC 7396: objects merge, null removes, anything else (lists too) replaces. Only containers keep what the patch does not
 * name, by their names, as with kubectl's strategic merge: else each fixture of an argument would also tell of probes.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    // Where there is nothing to patch, null is what the object says: odd objects are tested too.
    if (value === null && isRecord(target)) delete result[key];
    else
      Object.defineProperty(result, key, {
        value: key === 'containers' ? mergeNamed(result[key], value) : mergePatch(result[key], value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return result;
}

function mergeNamed(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(target) || !Array.isArray(patch)) return mergePatch(target, patch);
  return patch.map((entry: unknown) =>
    mergePatch(
      target.find((old: unknown) => isRecord(old) && isRecord(entry) && old.name === entry.name),
      entry,
    ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
