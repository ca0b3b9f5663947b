import { expect, it } from 'vitest';
import { sh } from './shell';

it('leaves ordinary names bare and quotes what a shell would read', () => {
  expect(sh`kubectl -n ${'shop'} get ${'deploy/wear'}`).toBe('kubectl -n shop get deploy/wear');
  expect(sh`echo ${'$(reboot)'} ${"it's"} ${'a\nb'} ${''}`).toBe("echo '$(reboot)' 'it'\\''s' 'a?b' ''");
});
