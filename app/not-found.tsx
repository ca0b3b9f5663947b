import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-full max-w-md flex-col justify-center gap-3 p-6">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-soft">
        The link may be cut short, or the shared picture behind it has expired or was revoked.
      </p>
      <p>
        <Link className="font-medium text-accent underline underline-offset-2" href="/">
          Open the live map
        </Link>
      </p>
    </main>
  );
}
