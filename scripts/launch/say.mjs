/** Progress goes to standard error: standard output belongs to what a command answers. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A reason not to go on that is the user's to mend: one line that says what to do. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
