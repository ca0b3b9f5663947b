import 'server-only';

/**
 * What a page may load and do. Scripts run only where they carry this answer's nonce, or are loaded by one that does;
 * styles of the browser's own objects (positions of cards) are attributes, which cannot load anything.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For what is no page: opened as one all the same, it can do nothing. */
export const NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** For a year, and only where people reach the dashboard by https: on http browsers ignore it, and behind a changed name it would lock people out. */
export function transportSecurity(publicUrl: string): Readonly<Record<string, string>> {
  return URL.parse(publicUrl)?.protocol === 'https:'
    ? { 'Strict-Transport-Security': 'max-age=31536000' }
    : {};
}
