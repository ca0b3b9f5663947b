import 'server-only';

/** So many different rights are in use that one more does not fit. */
export class TooManyRights extends Error {
  override readonly name = 'TooManyRights';
}

/** Whether an error is that. Next gives each route a copy of this module, and with it a class of its own. */
export function isTooManyRights(error: unknown): error is TooManyRights {
  return error instanceof Error && error.name === 'TooManyRights';
}
