import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainAccess } from '@/server/cluster/testing/harness';
import { ReviewError } from './review-call';
import { Reviews } from './reviews';

interface Answer {
  readonly code?: number;
  readonly status?: unknown;
  readonly text?: string;
}

const ALICE = { user: 'alice', groups: ['team-a'], extra: { 'example.com/scope': ['x', 'y'] } };
const LIST = { verb: 'list', group: 'networking.k8s.io', resource: 'ingresses', namespace: 'shop' };

let server: Server;
let asked: { method: string; path: string; authorization: string | undefined; body: { spec: unknown } }[];
let answers: Answer[];
let atOnce: number;
let most: number;
let token: string;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

beforeEach(async () => {
  [asked, answers, atOnce, most, token] = [[], [], 0, 0, 'first'];
  server = createServer((request, response) => {
    most = Math.max(most, ++atOnce);
    void bodyOf(request).then((text) => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, authorization: headers.authorization, body: JSON.parse(text) });
      const { code = 201, status = { allowed: true }, text: raw } = answers.shift() ?? {};
      setTimeout(() => {
        atOnce -= 1;
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(raw ?? JSON.stringify({ status }));
      }, 5);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function access() {
  const { port } = server.address() as AddressInfo;
  return plainAccess(`http://127.0.0.1:${port}/k8s/clusters/c-1`, () => ({
    authorization: `Bearer ${token}`,
  }));
}

const reviews = () => {
  const way = access();
  return new Reviews(() => way);
};

describe('an access review', () => {
  it('asks for everything that RBAC may look at, as the dashboard', async () => {
    expect(await reviews().mayDo(ALICE, LIST)).toBe(true);
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/k8s/clusters/c-1/apis/authorization.k8s.io/v1/subjectaccessreviews',
        authorization: 'Bearer first',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { ...ALICE, resourceAttributes: { ...LIST, version: '*' } },
        },
      },
    ]);
    await reviews().mayDo(ALICE, { verb: 'get', path: '/metrics' });
    expect(asked[1]?.body.spec).toEqual({
      ...ALICE,
      nonResourceAttributes: { verb: 'get', path: '/metrics' },
    });
  });

  it.each([
    [{ allowed: false }, false],
    [{ allowed: true, denied: true }, false],
    [{ allowed: true, denied: false, reason: 'RBAC' }, true],
    [{ allowed: false, denied: true }, false],
  ])('that answers %o', async (status, allowed) => {
    answers = [{ status }];
    expect(await reviews().mayDo(ALICE, LIST)).toBe(allowed);
  });

  it.each<[string, Answer]>([
    ['no status', { status: null }],
    ['a text in place of yes', { status: { allowed: 'true' } }],
    ['no JSON', { text: '<html>' }],
    ['an error', { code: 500, text: 'allowed: true' }],
    ['a redirect', { code: 302, text: '{"status":{"allowed":true}}' }],
    ['a list', { text: '[]' }],
    ['far too much', { text: `{"status":{"allowed":true},"x":"${'x'.repeat(2_000_000)}"}` }],
  ])('that answers with %s is none', async (_, answer) => {
    answers = [answer];
    await expect(reviews().mayDo(ALICE, LIST)).rejects.toThrow(ReviewError);
  });

  it('that is refused says which right the dashboard lacks', async () => {
    answers = [{ code: 403 }];
    await expect(reviews().mayDo(ALICE, LIST)).rejects.toThrow('may not create subjectaccessreviews');
  });

  it('is asked once more after credentials were read again', async () => {
    answers = [{ code: 401 }];
    const way = access();
    const asking = new Reviews(() => {
      const refresh = way.refresh.bind(way);
      return Object.assign(way, {
        refresh() {
          refresh();
          token = 'second';
        },
      });
    });
    expect(await asking.mayDo(ALICE, LIST)).toBe(true);
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second']);
    answers = [{ code: 401 }, { code: 401 }];
    await expect(asking.mayDo(ALICE, LIST)).rejects.toThrow('answered 401');
  });

  it('is one of few at a time', async () => {
    const asking = reviews();
    await Promise.all(Array.from({ length: 40 }, () => asking.mayDo(ALICE, LIST)));
    expect(asked).toHaveLength(40);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('that cannot be sent is none', async () => {
    const nowhere = plainAccess('http://127.0.0.1:1');
    await expect(new Reviews(() => nowhere).mayDo(ALICE, LIST)).rejects.toThrow('cannot be reached');
    const lost = new Reviews(() => {
      throw new Error('no kubeconfig');
    });
    await expect(lost.mayDo(ALICE, LIST)).rejects.toThrow('there is no way to the cluster');
  });
});

describe('a token review', () => {
  it('says whose token it is, with what RBAC may look at', async () => {
    const { user: username, groups, extra } = ALICE;
    answers = [{ status: { authenticated: true, user: { username, uid: '1', groups, extra } } }];
    expect(await reviews().whose('the-token')).toEqual(ALICE);
    expect(asked[0]).toMatchObject({
      path: '/k8s/clusters/c-1/apis/authentication.k8s.io/v1/tokenreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'the-token' } },
    });
  });

  it.each([
    [{ authenticated: false, user: { username: 'alice' } }],
    [{ user: { username: 'alice' } }],
    [{ authenticated: true }],
    [{ authenticated: true, user: { username: '' } }],
    [{ authenticated: true, user: { username: 'system:anonymous', groups: ['system:unauthenticated'] } }],
    [{ authenticated: false, error: 'token expired' }],
  ])('that knows nobody lets nobody in: %o', async (status) => {
    answers = [{ status }];
    expect(await reviews().whose('x')).toBeNull();
  });

  it('of another shape is none', async () => {
    answers = [{ status: { authenticated: 'yes', user: { username: 'alice' } } }];
    await expect(reviews().whose('x')).rejects.toThrow(ReviewError);
  });
});
