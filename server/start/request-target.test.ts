import { expect, test } from 'vitest';
import { bearableMethod, bearableTarget } from './request-target';

test.each([
  ['/', '/'],
  ['/api/v1/marks/a%2Fb?x=%zz#y', '/api/v1/marks/a%2Fb?x=%zz#y'],
  ['/api/v1/objects/%', '/api/v1/objects/%25'],
  ['/%ff/%41?q=%', '/%25ff/%2541?q=%'],
  ['http://169.254.169.254/latest/meta-data/', '/latest/meta-data/'],
  ['HTTPS://user@evil.example', '/'],
  ['http://evil.example?x=1', '/?x=1'],
  ['//evil.example/x', '//evil.example/x'],
  ['*', '/'],
])('%s is taken as %s', (target, taken) => expect(bearableTarget(target)).toBe(taken));

test.each([
  ['GET', 'GET'],
  ['PROPFIND', 'PROPFIND'],
  ['TRACE', 'OPTIONS'],
])('%s is taken as %s', (method, taken) => expect(bearableMethod(method)).toBe(taken));
