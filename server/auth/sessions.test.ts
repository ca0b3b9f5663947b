import { randomBytes } from 'node:crypto';
import { base64url, EncryptJWT, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChunked, readCookies } from './cookies';
import { Sealing } from './sealing';
import { ABSOLUTE_MS, type Ended, IDLE_MS, Sessions } from './sessions';

const KEY = randomBytes(32);
const OLD = randomBytes(32);
const ALICE = { user: 'alice', groups: ['team-a'], extra: { scope: ['x'] } };
const MINUTE = 60_000;
let now: number;

beforeEach(() => {
  now = Date.parse('2026-11-23T12:00:00Z');
});

function sessionsWith(keys: readonly Uint8Array[], purpose = 'session:kubernetes'): Sessions {
  return new Sessions({
    sealing: new Sealing(keys),
    purpose,
    publicUrl: 'https://atlas.example',
    now: () => now,
  });
}

function asked(cookies: readonly string[] | string): Headers {
  const cookie =
    typeof cookies === 'string' ? cookies : cookies.map((header) => header.split(';')[0] ?? '').join('; ');
  return new Headers({ host: 'atlas.example', cookie });
}

const NONE = asked('');
const NAME = '__Host-atlas-session';

describe('a session', () => {
  it('is who signed in, and nothing of it can be read in the cookie', async () => {
    const sessions = sessionsWith([KEY]);
    const cookies = await sessions.begin(ALICE, NONE);
    expect(await sessions.of(asked(cookies))).toMatchObject({ ...ALICE, cookies: [] });
    const value = readChunked(NAME, readCookies(asked(cookies).get('cookie')));
    expect(
      value
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
        .join(),
    ).not.toMatch(/alice|team/);
  });

  it('ends when it is not used, and lives on while it is', async () => {
    const sessions = sessionsWith([KEY]);
    let cookies = await sessions.begin(ALICE, NONE);
    now += IDLE_MS + 1000;
    expect(await sessions.of(asked(cookies))).toBeNull();

    cookies = await sessions.begin(ALICE, NONE);
    for (let i = 0; i < 5; i += 1) {
      now += IDLE_MS / 2;
      const session = await sessions.of(asked(cookies));
      expect(session?.user).toBe('alice');
      expect(session?.cookies).toHaveLength(1);
      cookies = session?.cookies ?? [];
    }
  });

  it('ends for good however much it is used', async () => {
    const sessions = sessionsWith([KEY]);
    let cookies: readonly string[] = await sessions.begin(ALICE, NONE);
    const end = now + ABSOLUTE_MS;
    while (now + 30 * MINUTE < end) {
      now += 30 * MINUTE;
      cookies = (await sessions.of(asked(cookies)))?.cookies ?? [];
    }
    now = end - 5000;
    expect(await sessions.of(asked(cookies))).not.toBeNull();
    now = end + 5000;
    expect(await sessions.of(asked(cookies))).toBeNull();
  });

  it('ends with the token that it began with', async () => {
    const sessions = sessionsWith([KEY]);
    const cookies = await sessions.begin(ALICE, NONE, now + 10 * MINUTE);
    expect(cookies[0]).toContain('Max-Age=600');
    now += 10 * MINUTE + 1000;
    expect(await sessions.of(asked(cookies))).toBeNull();
  });

  it('that has signed out is over, in every copy, with what runs in it', async () => {
    const sessions = sessionsWith([KEY]);
    const cookies = await sessions.begin(ALICE, NONE);
    now += 10 * MINUTE;
    const session = await sessions.of(asked(cookies));
    const renewed = session?.cookies ?? [];
    if (!session) throw new Error('no session');
    const ended = sessions.endOf(session);
    const deleted = sessions.end(session, asked(cookies));
    expect(deleted[0]).toMatch(/^__Host-atlas-session=; Secure;.*Max-Age=0$/);
    expect(ended).toMatchObject({ aborted: true, reason: 'you have signed out' });
    expect(sessions.endOf(session).aborted).toBe(true);
    expect(await sessions.of(asked(cookies))).toBeNull();
    expect(await sessions.of(asked(renewed))).toBeNull();
  });

  it('that ends leaves others on', async () => {
    const sessions = sessionsWith([KEY]);
    const [one, other] = [await sessions.begin(ALICE, NONE), await sessions.begin(ALICE, NONE)];
    sessions.end(await sessions.of(asked(one)), asked(one));
    expect(await sessions.of(asked(other))).not.toBeNull();
  });

  it('of many groups is kept in several cookies', async () => {
    const sessions = sessionsWith([KEY]);
    const groups = Array.from({ length: 150 }, (_, i) => `group-${i}-${'x'.repeat(20)}`);
    const cookies = await sessions.begin({ ...ALICE, groups }, NONE);
    expect(cookies.length).toBeGreaterThan(1);
    expect((await sessions.of(asked(cookies)))?.groups).toEqual(groups);
    await expect(
      sessions.begin({ ...ALICE, groups: [...groups, ...groups.map((g) => `${g}2`)] }, NONE),
    ).rejects.toThrow('have room');
  });
});

describe('keys that change', () => {
  it('all open, the first seals, and what another sealed is sealed anew', async () => {
    const cookies = await sessionsWith([OLD]).begin(ALICE, NONE);
    const both = sessionsWith([KEY, OLD]);
    const session = await both.of(asked(cookies));
    expect(session?.user).toBe('alice');
    expect(session?.cookies).toHaveLength(1);
    const only = sessionsWith([KEY]);
    expect((await only.of(asked(session?.cookies ?? [])))?.user).toBe('alice');
    expect(await only.of(asked(cookies))).toBeNull();
  });

  it('that are not set are at random: another process opens nothing', async () => {
    const cookies = await sessionsWith([]).begin(ALICE, NONE);
    expect(await sessionsWith([]).of(asked(cookies))).toBeNull();
  });
});

describe('a cookie that is not ours', () => {
  const payload = () => ({
    sid: 'x',
    user: 'root',
    groups: ['system:masters'],
    extra: {},
    end: now + 1e9,
    seen: now,
  });
  const encrypted = (purpose: string, key: Uint8Array, header: object = {}) =>
    new EncryptJWT(payload())
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(now / 1000) + 3600)
      .encrypt(key);

  it('is none, whatever it is', async () => {
    const sessions = sessionsWith([KEY]);
    const good = readChunked(NAME, readCookies(asked(await sessions.begin(ALICE, NONE)).get('cookie')));
    const parts = good.split('.');
    const flipped = (index: number) =>
      parts
        .map((part, i) =>
          i === index
            ? base64url.encode(base64url.decode(part).map((byte, at) => (at === 0 ? byte ^ 1 : byte)))
            : part,
        )
        .join('.');
    const { kid } = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString()) as { kid: string };
    const aud = 'session:kubernetes';
    const wrong = {
      empty: '',
      text: 'hello',
      'changed nonce': flipped(2),
      'changed text': flipped(3),
      'changed tag': flipped(4),
      'cut short': good.slice(0, -3),
      'another key': await encrypted(aud, OLD),
      'another key under our id': await encrypted(aud, OLD, { kid }),
      'key without its id': await encrypted(aud, KEY),
      signed: await new SignJWT(payload())
        .setProtectedHeader({ alg: 'HS256', kid })
        .setAudience(aud)
        .sign(KEY),
      unsecured: new UnsecuredJWT(payload()).setAudience(aud).encode(),
    };
    const opened = await Promise.all(
      Object.entries(wrong).map(async ([what, value]) => [
        what,
        await sessions.of(asked(`${NAME}=1~${value}`)),
      ]),
    );
    expect(opened.filter(([, session]) => session !== null)).toEqual([]);
    // The same by the right key and id would be one: the cases above fail for their own reason.
    expect((await sessions.of(asked(`${NAME}=1~${await encrypted(aud, KEY, { kid })}`)))?.user).toBe('root');
  });

  it('made for something else, or by another way of signing in, is none', async () => {
    const other = await sessionsWith([KEY], 'session:oidc').begin(ALICE, NONE);
    expect(await sessionsWith([KEY]).of(asked(other))).toBeNull();
    const flow = await new Sealing([KEY]).seal('sign-in', payload(), now + MINUTE);
    expect(await sessionsWith([KEY]).of(asked(`${NAME}=1~${flow}`))).toBeNull();
  });

  it('under the name for plain http is none where https is used', async () => {
    const sessions = sessionsWith([KEY]);
    const value = (await sessions.begin(ALICE, NONE))[0]?.split(';')[0]?.replace('__Host-', '') ?? '';
    expect(await sessions.of(asked(value))).toBeNull();
    const forwarded = new Headers({ host: 'localhost:3000', cookie: value });
    expect((await sessions.of(forwarded))?.user).toBe('alice');
  });
});

describe('a session that was ended at another replica', () => {
  it('is over here too, with what runs in it, and no other is', async () => {
    const ended: Ended[] = [];
    const here = sessionsWith([KEY]);
    const there = new Sessions({
      sealing: new Sealing([KEY]),
      purpose: 'session:kubernetes',
      publicUrl: 'https://atlas.example',
      now: () => now,
      onEnd: (one) => ended.push(one),
    });
    const [cookies, others] = [await here.begin(ALICE, NONE), await here.begin(ALICE, NONE)];
    const session = await here.of(asked(cookies));
    const running = session && here.endOf(session);
    there.end(await there.of(asked(cookies)), asked(cookies));
    expect(ended).toHaveLength(1);
    expect(JSON.stringify(ended)).not.toContain(session?.id);
    expect(running?.aborted).toBe(false);
    here.learn(ended);
    expect(running?.aborted).toBe(true);
    expect(await here.of(asked(cookies))).toBeNull();
    expect(await here.of(asked(others))).toMatchObject({ user: 'alice' });
  });
});
