import { expect, it } from 'vitest';
import { viewOfQuery } from '@/components/chrome/view-state';
import { compareAddress, liveAddress } from './addresses';
import { merged } from './use-frozen-view';

const VIEW = 'namespace=shop&focus=rule%3Aa&select=service%3Ashop%2Fgift&budget=500';

it('a change of the view leaves the rest as it was frozen; null brings a part back to nothing', () => {
  const view = viewOfQuery(VIEW);
  expect(merged(view, { select: null, expand: ['group:a'], focus: undefined })).toEqual({
    ...view,
    select: null,
    expand: ['group:a'],
  });
  expect(merged(view, { namespace: null }).namespace).toEqual([]);
});

it('leads to the same view now, and to what has changed since', () => {
  const snapshot = { id: 'abc', view: VIEW, redacted: false };
  const live = new URL(liveAddress(snapshot), 'http://atlas');
  expect(live.pathname).toBe('/');
  expect(live.searchParams.get('focus')).toBe('rule:a');
  expect(live.searchParams.get('select')).toBe('service:shop/gift');
  expect(new URL(compareAddress(snapshot), 'http://atlas').searchParams.get('compare')).toBe('abc');
});

it('leads from made-up names to no view at all', () => {
  expect(liveAddress({ view: VIEW, redacted: true })).toBe('/');
});
