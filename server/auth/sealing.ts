import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose';

const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;

interface Key {
  /** Says which key sealed, without saying anything of it. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What a sealed text held, and whether a key sealed it that is on its way out. */
export interface Opened {
  readonly payload: JWTPayload;
  readonly isOld: boolean;
}

/**
 * Seals small things that a browser keeps for us, so that it can neither read nor change them (JWE, RFC 7516, A256GCM).
 * A purpose is sealed in: what was made for one is nothing for another.
 */
export class Sealing {
  readonly #keys: readonly [Key, ...Key[]];

  /** @param keys of 32 bytes; the first seals, all open. Empty: one at random, which ends with the process. */
  constructor(keys: readonly Uint8Array[]) {
    const [first = randomBytes(32), ...others] = keys;
    this.#keys = [keyOf(first), ...others.map(keyOf)];
  }

  /** @param until milliseconds since the epoch; rounded down to seconds. */
  async seal(purpose: string, payload: JWTPayload, until: number): Promise<string> {
    const [key] = this.#keys;
    return await new EncryptJWT(payload)
      .setProtectedHeader({ ...HEADER, kid: key.id })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(until / 1000))
      .encrypt(key.bytes);
  }

  /** null: not ours, for something else, changed, or too old. */
  async open(purpose: string, sealed: string, now: number): Promise<Opened | null> {
    try {
      let opener: Key | undefined;
      const { payload } = await jwtDecrypt(
        sealed,
        ({ kid }) => {
          opener = this.#keys.find(({ id }) => id === kid);
          if (!opener) throw new Error('no key of ours');
          return opener.bytes;
        },
        {
          audience: purpose,
          currentDate: new Date(now),
          requiredClaims: ['exp'],
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        },
      );
      return { payload, isOld: opener !== this.#keys[0] };
    } catch {
      // Whatever is wrong with it, it is no seal of ours; why would only help who made it.
      return null;
    }
  }
}

function keyOf(bytes: Uint8Array): Key {
  return { id: createHash('sha256').update('key id').update(bytes).digest('base64url').slice(0, 8), bytes };
}
