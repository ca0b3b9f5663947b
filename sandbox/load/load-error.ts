/* What is wrong with the input, one line each, ready to be shown. */

/** Thrown when the input cannot be used; nothing has been started then. */
export class LoadError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'LoadError';
  }
}
