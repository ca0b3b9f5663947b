import { expect, test } from 'vitest';
import { fits, fitted, wrapped, wrappedWhole } from './text';

const room = { width: 300, size: 20, lines: 2 };

test('lines break at spaces, and each fits', () => {
  const lines = wrapped('because every pod of it crashes at start', { ...room, lines: 9 });
  expect(lines.join(' ')).toBe('because every pod of it crashes at start');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.every((line) => fits(line, 300, 20))).toBe(true);
});

test('a name breaks after its dots and dashes, nothing of it is lost', () => {
  const lines = wrapped('www.a-very-long-name-of-a-host.my-online-store.example.com', { ...room, lines: 9 });
  expect(lines.join('')).toBe('www.a-very-long-name-of-a-host.my-online-store.example.com');
  expect(lines.slice(0, -1).every((line) => /[.-]$/.test(line))).toBe(true);
});

test('what is too long says so at its end', () => {
  const lines = wrapped('word '.repeat(100), room);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/word…$|wor?…$/);
  expect(lines.every((line) => fits(line, 300, 20))).toBe(true);
});

test('a symptom keeps its end, whatever the name before it', () => {
  const lines = wrappedWhole(`${'a'.repeat(250)}/ → 503`, room);
  expect(lines).toHaveLength(2);
  expect(lines.join('')).toMatch(/^aaa.*….*\/ → 503$/);
});

test('letters are never cut in half', () => {
  for (let width = 10; width < 200; width += 7) {
    const text = [
      ...wrapped('😀'.repeat(40), { width, size: 20, lines: 2 }),
      fitted('😀'.repeat(40), width, 20),
    ].join('');
    expect(text.isWellFormed()).toBe(true);
  }
});
