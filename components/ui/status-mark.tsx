import { STATUS_SHAPES } from '@/lib/layout/status-shapes';
import type { Status } from '@/lib/topology/model';
import { knownStatus } from '@/lib/topology/status-words';
import { STATUS_TEXT } from './status';

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
      {STATUS_SHAPES[status].map(({ d, line, dashes }) =>
        line === null ? (
          <path key={d} d={d} fill="currentColor" fillRule="evenodd" />
        ) : (
          <path
            key={d}
            d={d}
            fill="none"
            stroke="currentColor"
            strokeLinecap="round"
            strokeWidth={line}
            strokeDasharray={dashes}
          />
        ),
      )}
    </svg>
  );
}
