// What a fault does to a new request.

import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './context';
import { type Fault, faultError, GARBAGE_LINE, HALF_LINE } from './faults';
import { sendError } from './http';
import type { Source } from './list';
import { expired } from './status';

const HALF_LIST =
  '{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a';

/** What is left to do after a fault: nothing, or the request itself, perhaps from an older state. */
export type Outcome = { isDone: true } | { isDone: false; source?: Source };

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
}

function hold(context: Context, fault: Fault, response: ServerResponse): Outcome {
  context.faults.hold(fault, () => response.destroy());
  return { isDone: true };
}

/** Lets a fault befall a request. */
export async function befall(
  context: Context,
  fault: Fault,
  verb: string,
  response: ServerResponse,
): Promise<Outcome> {
  const isWatch = verb === 'watch';
  switch (fault.action) {
    case 'cut':
      response.destroy();
      break;
    case 'stall':
      if (isWatch) begin(response);
      return hold(context, fault, response);
    case 'slow':
      await sleep(fault.ms ?? 1000);
      return { isDone: false };
    case 'status':
      sendError(
        response,
        faultError(fault),
        fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) },
      );
      break;
    case 'gone':
      if (isWatch) {
        begin(response);
        response.end(
          `${JSON.stringify({ type: 'ERROR', object: expired('too old resource version').toStatus() })}\n`,
        );
      } else sendError(response, expired('The provided continue parameter is too old'));
      break;
    case 'truncate':
      begin(response);
      response.write(isWatch ? HALF_LINE : HALF_LIST, () => response.destroy());
      break;
    case 'invalid':
      begin(response);
      response.end(GARBAGE_LINE);
      break;
    case 'stale': {
      if (isWatch) {
        begin(response);
        return hold(context, fault, response);
      }
      const source = context.faults.frozen(fault);
      return source === undefined ? { isDone: false } : { isDone: false, source };
    }
  }
  return { isDone: true };
}
