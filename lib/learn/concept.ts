/** A page for those who are learning: plain data, drawn by the dashboard and written to `docs/concepts`. */
export interface Concept {
  /** In the address, and the file's name. */
  readonly slug: string;
  readonly title: string;
  /** Two sentences: what it is, and why it matters. */
  readonly lead: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** A manifest, commands or a small drawing, as it stands. */
  readonly code?: { readonly language: 'yaml' | 'sh' | 'text'; readonly text: string };
}
