import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import { falseClaims } from './testing/blindness';

/** TRUTH "Unknown is an answer": what cannot be seen is neither missing nor well. */
describe('what may not be seen', () => {
  for (const { id } of RESOURCES) {
    it.each(['forbidden', 'failing'] as const)(
      `${id} %s: nothing is claimed that it takes them to know`,
      (state) => {
        expect(falseClaims(id, state)).toEqual([]);
      },
    );
  }
});
