import { codesOf } from './code';

export const NETWORKPOLICY_CODES = codesOf('networkpolicy', {});
