import 'server-only';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 128 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** A new id or right, which nobody can guess. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is stored in a token's place: who reads the database can open nothing with it. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether a token has this hash; takes equally long for every wrong one. */
export function hasHash(token: string, hash: string): boolean {
  const given = Buffer.from(hashOf(token));
  const wanted = Buffer.from(hash);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
