import { expect, test } from 'vitest';
import { linesOf } from './lines';
import { RawLines } from './raw-lines';
import { idsOf, spansOf, type ToldEvent, toldOf } from './told';

const word = (id: string, title: string) => ({ id, title }) as ToldEvent['finding'];
const event = (
  at: number,
  type: ToldEvent['type'],
  finding: ToldEvent['finding'],
  of?: string,
): ToldEvent => ({
  id: at,
  at,
  type,
  finding,
  detail: '',
  ...(of === undefined ? {} : { of }),
});
const NEVER = () => undefined;

test('a finding that opens, changes and closes is one span with its last words', () => {
  const spans = spansOf(
    [
      event(1, 'finding-opened', word('f', 'first')),
      event(2, 'finding-changed', word('f', 'second')),
      event(3, 'finding-closed', null, 'f'),
      event(4, 'finding-opened', word('f', 'third')),
    ],
    NEVER,
  );
  expect(spans.map(({ opened, closed, word: text }) => [opened, closed, JSON.parse(text).title])).toEqual([
    [1, 3, 'second'],
    [4, null, 'third'],
  ]);
});

test('what was open before closes where it opened, and keeps the words that are there', () => {
  const spans = spansOf([event(5, 'finding-closed', word('f', 'last'))], (id) =>
    id === 'f' ? 2 : undefined,
  );
  expect(spans).toEqual([{ finding: 'f', opened: 2, closed: 5, word: '' }]);
  expect(spansOf([event(5, 'finding-closed', null, 'unknown')], NEVER)).toEqual([]);
});

test('closed and open again within a millisecond, it was open all the time', () => {
  const spans = spansOf(
    [
      event(5, 'finding-opened', word('f', 'a')),
      event(5, 'finding-closed', null, 'f'),
      event(5, 'finding-opened', word('f', 'a')),
    ],
    NEVER,
  );
  expect(spans).toMatchObject([{ opened: 5, closed: null }]);
});

test('ids grow with frames and within them, and are whole numbers that JSON keeps', () => {
  const text = JSON.stringify({ type: 'connection', finding: null });
  const raw = new RawLines();
  raw.add(1, Buffer.from(text));
  raw.add(1, Buffer.from(text));
  const withIds = (frame: number) => linesOf(raw.joined(idsOf(frame)).toString());
  const ids = [...withIds(7), ...withIds(2 ** 30)].map((line) => toldOf(line).id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(toldOf(withIds(7)[0] ?? { at: 0, text })).toMatchObject({
    at: 1,
    type: 'connection',
    detail: '',
  });
});
