import { describe, expect, it } from 'vitest';
import type { PolicyGrant } from '@/lib/kube/access-objects';
import { refOf } from '@/lib/kube/resources';
import { type Bound, grants, hasRight } from './access';

const grant = (more: Partial<PolicyGrant>): PolicyGrant => ({
  verbs: ['get'],
  groups: [''],
  resources: ['services'],
  names: [],
  ...more,
});

function bound(scope: string | null, ...all: readonly PolicyGrant[]): Bound {
  const ref = refOf('clusterrolebindings', '', 'b');
  return { binding: ref, role: ref, scope, via: 'ServiceAccount a/b', grants: all };
}

describe('a grant', () => {
  it.each([
    ['the same', {}, 'get', '', 'services', true],
    ['another verb', {}, 'list', '', 'services', false],
    ['another group', {}, 'get', 'apps', 'services', false],
    ['another resource', {}, 'get', '', 'pods', false],
    ['any verb', { verbs: ['*'] }, 'watch', '', 'services', true],
    ['any group', { groups: ['*'] }, 'get', 'apps', 'services', true],
    ['any resource', { resources: ['*'] }, 'get', '', 'pods/exec', true],
    ['a resource does not hold its subresource', { resources: ['pods'] }, 'get', '', 'pods/exec', false],
    ['a subresource of any resource', { resources: ['*/status'] }, 'get', '', 'pods/status', true],
    ['paths without resources', { resources: [] }, 'get', '', 'services', false],
  ] as const)('%s', (_name, more, verb, group, resource, wanted) => {
    expect(grants(grant(more), verb, group, resource)).toBe(wanted);
  });

  it('holds in its namespace, or everywhere', () => {
    const right = { verb: 'get', group: '', resource: 'services' };
    expect(hasRight([bound(null, grant({}))], right, null)).toBe(true);
    expect(hasRight([bound(null, grant({}))], right, 'a')).toBe(true);
    expect(hasRight([bound('a', grant({}))], right, 'a')).toBe(true);
    expect(hasRight([bound('a', grant({}))], right, 'b')).toBe(false);
    expect(hasRight([bound('a', grant({}))], right, null)).toBe(false);
    expect(hasRight([], right, 'a')).toBe(false);
  });
});
