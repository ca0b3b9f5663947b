import 'server-only';

export type PictureErrorKind = 'font-missing' | 'too-large' | 'unreadable';

/** A picture that could not be made; the message says what, where and what is allowed. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly kind: PictureErrorKind;

  constructor(kind: PictureErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
