/**
 * The search palette's dialog keeps the page from scrolling by a style element of its own, which pages allow only with
 * their nonce. Its library reads it from this global; the scripts of the page carry it where only scripts can read it.
 */
export function lendStylesNonce(): void {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  if (nonce) Reflect.set(globalThis, '__webpack_nonce__', nonce);
}
