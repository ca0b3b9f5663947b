import { KeptState } from './kept-state';

/** In place of a snapshot that cannot be read now. */
export function Unavailable({ reason }: { readonly reason: string }) {
  return (
    <KeptState title="This moment cannot be shown now">
      <p>{reason}</p>
    </KeptState>
  );
}
