import type { Status } from '@/lib/topology/model';
import { knownStatus, STATUS_TEXT } from './status';

interface Props {
  readonly status: Status;
  readonly size?: number;
  readonly className?: string;
}

/** The shape of a status. Decorative: say the word beside it. */
export function StatusMark({ status: given, size = 16, className = '' }: Props) {
  const status = knownStatus(given);
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={`shrink-0 ${STATUS_TEXT[status]} ${className}`}
    >
      <Shape status={status} />
    </svg>
  );
}

function Shape({ status }: { readonly status: Status }) {
  const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 2, strokeLinecap: 'round' } as const;
  switch (status) {
    case 'ok':
      return <circle cx="8" cy="8" r="4.25" fill="currentColor" />;
    case 'broken':
      return <path d="M4 4l8 8M12 4l-8 8" {...line} strokeWidth={2.25} />;
    case 'degraded':
      return (
        <>
          <circle cx="8" cy="8" r="5.25" {...line} strokeWidth={1.75} />
          <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" />
        </>
      );
    case 'warning':
      return (
        <path
          d="M8 1.9c.45 0 .8.2 1 .6l5 9.1c.45.85-.05 1.7-1 1.7H3c-.95 0-1.45-.85-1-1.7l5-9.1c.2-.4.55-.6 1-.6zM7.1 6v3.2a.9.9 0 0 0 1.8 0V6a.9.9 0 0 0-1.8 0zM8 10.7a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z"
          fill="currentColor"
          fillRule="evenodd"
        />
      );
    case 'pending':
      return (
        <>
          <circle cx="8" cy="8" r="5.25" {...line} strokeWidth={1.75} strokeDasharray="2.6 2.9" />
          <path d="M8 5.4V8l1.7 1.2" {...line} strokeWidth={1.6} />
        </>
      );
    case 'unknown':
      return (
        <>
          <path d="M5.4 5.9a2.6 2.6 0 1 1 4 2.2C8.5 8.700 8 9.100 8 10" {...line} strokeWidth={1.9} />
          <circle cx="8" cy="12.7" r="1.15" fill="currentColor" />
        </>
      );
  }
}
