/** What looks like a credential in places where Kubernetes has no Secret for it: names decide, values are not guessed. */

export const REDACTED = '‹redacted›';

const SECRET_ENV =
  /pass(wd|word|phrase|code)?|secret|token|credential|api_?key|private_?key|access_?key|signing|encryption|auth|cookie|salt|dsn|connection_?string|database_?url|(^|_)(key|pwd|pw|pat|cert|license)$/i;
const SECRET_FLAG =
  /passw|passphrase|token|credential|api[-_.]?key|(private|access|signing|encryption|account|license)[-_.]?key|(client|cookie|shared|signing|hmac|jwt|app)[-_.]?secret|secret[-_.]?(key|access)/i;
/** Names a file or an object, not the credential itself. */
const REFERENCE_FLAG = /[-_.]?(file|path|dir|name|namespace|ttl|expiration|audience|url|review)s?$/i;
/** `scheme://user:password@host`: a credential wherever it stands. */
const URL_WITH_PASSWORD = /:\/\/[^/\s:@]*:[^/\s@]+@/;
const URLS_WITH_PASSWORD = new RegExp(URL_WITH_PASSWORD, 'g');
/** Bounded, or a long text of `tokentoken…` takes quadratic time. */
const SNIPPET_CREDENTIAL =
  /((?:authorization|cookie|token|secret|passw(?:or)?d|api[-_]?key|access[-_]?key)[\w-]{0,64}["']?[\s:=]+)[^;\n]+/gi;

/** Whether the literal value of this environment variable may be kept. */
export function isPlainEnv(name: string, value: string): boolean {
  return !SECRET_ENV.test(name) && !URL_WITH_PASSWORD.test(value);
}

/** Command line with the values of credential-like flags masked, in the forms `--flag=value` and `--flag value`. */
export function maskArguments(args: readonly string[]): string[] {
  let maskNext = false;
  return args.map((argument) => {
    if (maskNext && !argument.startsWith('-')) {
      maskNext = false;
      return REDACTED;
    }
    maskNext = false;
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const secret = name.startsWith('-') && SECRET_FLAG.test(name) && !REFERENCE_FLAG.test(name);
    if (secret && equals >= 0) return `${name}=${REDACTED}`;
    maskNext = secret;
    return maskUrls(argument);
  });
}

/** A text without the credentials of the URLs in it. */
export function maskUrls(value: string): string {
  return value.replace(URLS_WITH_PASSWORD, `://${REDACTED}@`);
}

/** A configuration snippet without what follows words like `Authorization`, up to the end of the directive. */
export function maskSnippet(snippet: string): string {
  return snippet.replace(SNIPPET_CREDENTIAL, `$1${REDACTED}`);
}
