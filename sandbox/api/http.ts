// Reading requests and writing answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseAllDocuments } from 'yaml';
import { isRecord, type JsonRecord } from './json';
import { decodeProtobuf } from './protobuf/decode';
import { badRequest, StatusError, unsupportedMediaType } from './status';

const MOST_BYTES = 16 * 1024 * 1024;

/** The whole body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > MOST_BYTES)
      throw new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 16777216');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The content type without its parameters. */
export function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function parseProtobuf(body: Buffer): unknown {
  try {
    return decodeProtobuf(body);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${String(error)}`);
  }
}

/** Parses a body; YAML or protobuf where the type says so. */
export function parseBody(bytes: Buffer, type: string): unknown {
  if (type === 'application/vnd.kubernetes.protobuf') return parseProtobuf(bytes);
  if (type.includes('protobuf') || type.includes('cbor')) throw unsupportedMediaType(type);
  const body = bytes.toString('utf8');
  if (!type.includes('yaml')) {
    try {
      return JSON.parse(body);
    } catch (error) {
      throw badRequest(`the object provided is unrecognized (must be of type JSON): ${String(error)}`);
    }
  }
  const [document] = parseAllDocuments(body);
  if (document === undefined || !('errors' in document)) return undefined;
  const [error] = document.errors;
  if (error !== undefined) throw badRequest(`error parsing YAML: ${error.message}`);
  return document.toJS();
}

/** The body as a JSON object. */
export async function readObject(request: IncomingMessage): Promise<JsonRecord> {
  const value = parseBody(await readBody(request), contentType(request));
  if (!isRecord(value)) throw badRequest('the body of the request is not an object');
  return value;
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  code: number,
  value: unknown,
  type = 'application/json',
): void {
  sendBytes(response, code, Buffer.from(`${JSON.stringify(value)}\n`), type);
}

/** Answers with bytes. */
export function sendBytes(
  response: ServerResponse,
  code: number,
  bytes: Buffer,
  type = 'application/json',
): void {
  response.writeHead(code, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-cache, private',
  });
  response.end(bytes);
}

/** Answers with plain text. */
export function sendText(response: ServerResponse, code: number, text: string): void {
  sendBytes(response, code, Buffer.from(text), 'text/plain; charset=utf-8');
}

/** Answers an error as a `Status`; what is unexpected becomes a 500. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        );
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status.code, status.toStatus());
}

/** Waits until the client has taken enough to write on; false when it has gone. */
export function drained(response: ServerResponse): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  if (!response.writableNeedDrain) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve(!response.destroyed);
    };
    response.on('drain', settle);
    response.on('close', settle);
  });
}
