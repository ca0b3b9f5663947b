import 'server-only';
export const DICTIONARY = '';
