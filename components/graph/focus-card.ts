/** Gives a card the keyboard's focus without scrolling the page. */
export function focusCard(frame: HTMLElement | null, id: string): void {
  const card = [...(frame?.querySelectorAll<HTMLElement>('.react-flow__node') ?? [])].find(
    (item) => item.dataset.id === id,
  );
  card?.focus({ preventScroll: true });
}
