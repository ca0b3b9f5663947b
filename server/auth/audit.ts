import 'server-only';
import type { Logger } from 'pino';
import type { Viewer } from '@/server/access/viewer';

/** What is worth a line whoever looks at the log later. */
export type AuditEvent =
  | 'audit.login'
  | 'audit.login-failed'
  | 'audit.logout'
  | 'audit.share'
  | 'audit.revoke';

/** One JSON line for an event. `subject`: who it was as verified; null: nobody that we know. */
export type Audit = (
  event: AuditEvent,
  subject: Pick<Viewer, 'user'> | null,
  details: Readonly<Record<string, string | number | boolean>>,
) => void;

/** Audit lines are written at every level but `silent`: a quieter log is no reason to know less. */
export function auditTo(log: Logger): Audit {
  const lines = log.level === 'silent' ? log : log.child({}, { level: 'info' });
  return (event, subject, details) => lines.info({ event, user: subject?.user ?? null, ...details }, event);
}
