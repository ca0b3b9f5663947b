const WARN = 40;

function levelOf(line) {
  try {
    return JSON.parse(line).level;
  } catch {
    // Not of the dashboard's own log: whatever it is, it went to standard error.
    return undefined;
  }
}

/**
 * What of a dashboard's first words on standard error must be told though it came up: warnings, errors, and what is no
 * line of its log. A last line that is not complete yet is kept: the rest of it follows.
 */
export function worthTelling(text) {
  const lines = text.split('\n');
  const last = lines.pop();
  const told = lines.filter((line) => line.trim() !== '' && (levelOf(line) ?? WARN) >= WARN);
  return [...told.map((line) => `${line}\n`), last].join('');
}
