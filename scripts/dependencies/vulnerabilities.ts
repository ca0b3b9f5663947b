/* What the registry knows of faults in what is shipped. */
import { execFile } from 'node:child_process';
import { z } from 'zod';

const auditSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), severity: z.string(), range: z.string(), isDirect: z.boolean() }),
  ),
});

export type Audit =
  | { readonly asked: true; readonly found: readonly string[] }
  /** A registry that is away, or has no such service, says nothing about safety. */
  | { readonly asked: false; readonly reason: string };

/** Reads what `npm audit --json` prints. */
export function readAudit(text: string): Audit {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { asked: false, reason: 'npm audit printed no JSON' };
  }
  const read = auditSchema.safeParse(json);
  if (!read.success) {
    const { message } = z
      .object({ message: z.string().default('no answer') })
      .catch({ message: 'no answer' })
      .parse(json);
    return { asked: false, reason: message };
  }
  const found = Object.values(read.data.vulnerabilities).map(
    ({ name, severity, range, isDirect }) => `${severity}: ${name} ${range}${isDirect ? ' (chosen)' : ''}`,
  );
  return { asked: true, found: found.sort() };
}

/** Asks the registry about all but development tools. */
export function audit(): Promise<Audit> {
  return new Promise((done) => {
    // npm ends with 1 where it found something: what it printed says more.
    execFile('npm', ['audit', '--omit=dev', '--json'], { maxBuffer: 64 << 20 }, (_, printed) =>
      done(readAudit(printed)),
    );
  });
}
