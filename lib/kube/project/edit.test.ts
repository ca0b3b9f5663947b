import { expect, test } from 'vitest';
import { lastEdit } from './edit';
import { Interner } from './interner';

const of = (managedFields: unknown) => lastEdit({ metadata: { managedFields } }, new Interner());
const entry = (manager: string, minute: number, more: object = {}) => ({
  manager,
  operation: 'Update',
  time: `2026-01-01T12:0${minute}:00Z`,
  ...more,
});

test('the last entry that is about more than the status', () => {
  expect(
    of([entry('helm', 1), entry('kubectl', 3), entry('argocd', 2), entry('x', 5, { subresource: 'status' })]),
  ).toEqual({ manager: 'kubectl', operation: 'Update', at: Date.parse('2026-01-01T12:03:00Z') });
});

test('what the Deployment controller notes at each rollout is nobody’s edit', () => {
  const revision = { '.': {}, 'f:deployment.kubernetes.io/revision': {} };
  const noted = (annotations: object, more: object = {}) =>
    of([
      entry('argocd', 1, { fieldsV1: { 'f:spec': { 'f:template': {} } } }),
      entry('kube-controller-manager', 2, {
        fieldsV1: { 'f:metadata': { 'f:annotations': annotations }, ...more },
      }),
    ])?.manager;
  expect(noted(revision)).toBe('argocd');
  expect(noted(revision, { 'f:status': {} })).toBe('argocd');
  expect(noted({ ...revision, 'f:mine': {} })).toBe('kube-controller-manager');
  expect(noted(revision, { 'f:spec': { 'f:replicas': {} } })).toBe('kube-controller-manager');
});

test('null where nobody is named, whatever stands there', () => {
  for (const odd of [
    undefined,
    null,
    [],
    'x',
    [null],
    [{}],
    [{ time: 'never' }],
    [entry('x', 1, { time: 5 })],
  ])
    expect(of(odd)).toBeNull();
});
