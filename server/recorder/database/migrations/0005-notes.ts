import 'server-only';

/**
 * Nothing of the schema: from here on bodies of keys may have notes, which what was before cannot read, so that it must
 * not go on with such a history.
 */
export function up(): Promise<void> {
  return Promise.resolve();
}
