import { codesOf } from './code';

export const RBAC_CODES = codesOf('rbac', {});
