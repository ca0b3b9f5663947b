import { codesOf } from './code';

export const RULE_CODES = codesOf('rule', {
  'check-failed': {
    severity: 'warning',
    meaning: 'The dashboard itself failed to judge something.',
    when: 'A check stopped with an error. Everything else is judged all the same.',
    traps: [],
    mend: 'Nothing in your cluster: please report it with the object concerned.',
  },
});
