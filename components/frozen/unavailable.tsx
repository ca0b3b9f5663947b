interface Props {
  readonly reason: string;
}

/** In place of a snapshot that cannot be read now. */
export function Unavailable({ reason }: Props) {
  return (
    <main className="mx-auto flex min-h-full max-w-md flex-col justify-center gap-3 p-6">
      <h1 className="text-xl font-semibold">This moment cannot be shown now</h1>
      <p className="text-soft">{reason}</p>
    </main>
  );
}
