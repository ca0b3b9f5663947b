/** What our own API says where it cannot answer. Pure. */

export const SILENT = 'The dashboard did not answer.';

/** The problem in its own words. */
export function problemOf(body: unknown, status: number): string {
  if (typeof body === 'object' && body !== null) {
    if ('detail' in body && typeof body.detail === 'string' && body.detail !== '') return body.detail;
    if ('title' in body && typeof body.title === 'string') return body.title;
  }
  return `The dashboard answered ${status}.`;
}
