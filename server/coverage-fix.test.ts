import { expect, test } from 'vitest';
import { withFix } from './coverage-fix';

test('a forbidden resource comes with the rule that would allow it; others need none', () => {
  const forbidden = withFix({ resource: 'ingresses', state: 'forbidden', reason: 'no' }, 'get').fix;
  expect(forbidden).toContain('apiGroups: ["networking.k8s.io"]');
  expect(forbidden).toContain('verbs: ["get", "list", "watch"]');
  expect(withFix({ resource: 'secrets', state: 'forbidden', reason: '' }, 'get').fix).toContain(
    'verbs: ["get"]',
  );
  expect(withFix({ resource: 'secrets', state: 'forbidden', reason: '' }, 'off').fix).toContain(
    'ATLAS_SECRETS',
  );
  expect(withFix({ resource: 'pods', state: 'failing', reason: 'x' }, 'get').fix).toBe('');
});
