/** Deep equality of JSON values. Own keys only, so a key named `__proto__` is compared like any other. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => equalJson(item, b[i]))
    );
  }
  return equalObjects(a, b);
}

function equalObjects(a: object, b: object): boolean {
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  for (const [key, value] of left) {
    // JSON has no `undefined`: an optional field that is spelled out equals one that is left out.
    if (value !== undefined && !(right.has(key) && equalJson(value, right.get(key)))) return false;
  }
  for (const [key, value] of right) if (value !== undefined && left.get(key) === undefined) return false;
  return true;
}
