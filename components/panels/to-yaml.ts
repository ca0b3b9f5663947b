/** JSON as YAML for reading. Small on purpose: a YAML library would weigh more than the rest of the inspector. */

/** Writes a JSON value as YAML; every string that could be read as something else is quoted. */
export function toYaml(value: unknown): string {
  return lines(value, 0).join('\n');
}

function lines(value: unknown, depth: number): string[] {
  const pad = '  '.repeat(depth);
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const inner = lines(item, depth + 1);
      if (!isNested(item)) return [`${pad}- ${scalar(item, depth)}`];
      return [`${pad}- ${(inner[0] ?? '').trimStart()}`, ...inner.slice(1)];
    });
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => {
      const name = `${pad}${text(key)}:`;
      if (!isNested(item)) return [`${name} ${scalar(item, depth)}`];
      return [name, ...lines(item, Array.isArray(item) ? depth : depth + 1)];
    });
  }
  return [`${pad}${scalar(value, depth)}`];
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function scalar(value: unknown, depth: number): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object' && value !== null) return '{}';
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n') && !value.includes('\r') && !/^\s/.test(value)) {
    const pad = '  '.repeat(depth + 1);
    const chomp = value.endsWith('\n') ? '' : '-';
    return `|${chomp}\n${value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (line === '' ? '' : pad + line))
      .join('\n')}`;
  }
  return text(value);
}

function text(value: string): string {
  return /^[A-Za-z_/][A-Za-z0-9_./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
