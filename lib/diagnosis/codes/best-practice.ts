import { codesOf } from './code';

export const BEST_PRACTICE_CODES = codesOf('best-practice', {});
