const SAFE = /^[\w@%+=:,./-]+$/;

/** A word as a POSIX shell reads it literally. Names come from the cluster: a pasted command must never run one. */
export function quote(word: string): string {
  if (SAFE.test(word)) return word;
  // Control characters (a newline above all) would end the command even inside a paste buffer.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return `'${word.replace(/[\u0000-\u001f\u007f]/g, '?').replaceAll("'", "'\\''")}'`;
}

/** Template tag for commands: every value is quoted. */
export function sh(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return strings.reduce((text, part, i) => text + quote(String(values[i - 1])) + part);
}
