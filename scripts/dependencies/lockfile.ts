/* What package-lock.json says of the packages that are installed with the dashboard, its tools left out. Pure. */
import { z } from 'zod';

const entrySchema = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  os: z.unknown().optional(),
  cpu: z.unknown().optional(),
  hasInstallScript: z.boolean().optional(),
});

const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });

export interface Shipped {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty: the lockfile does not say. */
  readonly license: string;
  /** Built for one operating system or processor; its package without system has the licence. */
  readonly isPlatform: boolean;
  readonly hasInstallScript: boolean;
}

/** Every package of the lockfile that is no development tool, by name and version. */
export function shipped(lock: unknown): readonly Shipped[] {
  const found = Object.entries(lockSchema.parse(lock).packages).flatMap(([path, entry]): Shipped[] => {
    if (path === '' || entry.dev) return [];
    return [
      {
        name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version: entry.version ?? '',
        license: entry.license ?? '',
        isPlatform: Boolean(entry.os ?? entry.cpu),
        hasInstallScript: entry.hasInstallScript ?? false,
      },
    ];
  });
  const key = ({ name, version }: Shipped) => `${name}@${version}`;
  return [...new Map(found.map((one) => [key(one), one])).values()].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
}
