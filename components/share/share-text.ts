/** A snapshot as text for a chat or a ticket. Pure. */

export interface Shared {
  readonly title: string;
  readonly verdict: string;
  readonly note: string;
  /** RFC 3339. */
  readonly takenAt: string;
  readonly cluster: string;
  /** Absolute. */
  readonly url: string;
  readonly imageUrl: string;
}

/** Markdown: title, verdict, note, picture and link. Names of the cluster stay text, whatever is in them. */
export function markdownOf({ title, verdict, note, takenAt, cluster, url, imageUrl }: Shared): string {
  const lines = [
    `**[${plain(title)}](${url})**`,
    plain(verdict),
    ...(note.trim() === ''
      ? []
      : [
          note
            .trim()
            .split(/\r?\n/)
            .map((line) => `> ${plain(line)}`)
            .join('\n'),
        ]),
    `${plain(cluster)} · ${takenAt.slice(0, 19).replace('T', ' ')} UTC · [frozen view](${url})`,
    `![${plain(title)}](${imageUrl})`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** Signs that Markdown or HTML would read as their own. */
function plain(text: string): string {
  return (
    text
      .replace(/[\r\n]+/g, ' ')
      // Nothing that a terminal or a chat would obey, nor what turns the writing of what follows.
      .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
      .replace(/[\\`*_[\]<>#|~!]/g, '\\$&')
      .replace(/&/g, '&amp;')
  );
}
