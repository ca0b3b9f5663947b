/** Letters that a TrueType file has: its character map, formats 4 and 12 (OpenType specification, "cmap"). */
export function lettersOf(file: Buffer): ReadonlySet<number> {
  const letters = new Set<number>();
  const cmap = tableOf(file, 'cmap');
  const tables = file.readUInt16BE(cmap + 2);
  for (let i = 0; i < tables; i++) {
    const at = cmap + file.readUInt32BE(cmap + 8 + 8 * i);
    const format = file.readUInt16BE(at);
    if (format === 4) addSegments(file, at, letters);
    if (format === 12) addGroups(file, at, letters);
  }
  return letters;
}

function tableOf(file: Buffer, name: string): number {
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    if (file.toString('latin1', at, at + 4) === name) return file.readUInt32BE(at + 8);
  }
  throw new Error(`the font has no table ${name}`);
}

function addGroups(file: Buffer, at: number, letters: Set<number>): void {
  for (let i = 0; i < file.readUInt32BE(at + 12); i++) {
    const end = file.readUInt32BE(at + 20 + 12 * i);
    for (let code = file.readUInt32BE(at + 16 + 12 * i); code <= end; code++) letters.add(code);
  }
}

function addSegments(file: Buffer, at: number, letters: Set<number>): void {
  const size = file.readUInt16BE(at + 6);
  for (let i = 0; i < size; i += 2) {
    const end = file.readUInt16BE(at + 14 + i);
    const start = file.readUInt16BE(at + 16 + size + i);
    const delta = file.readUInt16BE(at + 16 + 2 * size + i);
    const offsetAt = at + 16 + 3 * size + i;
    const offset = file.readUInt16BE(offsetAt);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const glyph = offset === 0 ? code + delta : file.readUInt16BE(offsetAt + offset + 2 * (code - start));
      if ((glyph & 0xffff) !== 0) letters.add(code);
    }
  }
}
