import { codesOf } from './code';

export const SECURITY_CODES = codesOf('security', {});
