import 'server-only';
import { z } from 'zod';
import type { KubeAccess } from '@/server/cluster/access';
import { Limiter } from '@/server/cluster/limiter';
import { postReview, ReviewError } from './review-call';
import type { Subject } from './sessions';

/** Reviews under way at once: the API server has others to serve. */
const AT_ONCE = 8;

const strings = z.array(z.string()).nullish();
const tokenStatus = z.object({
  authenticated: z.boolean().optional(),
  error: z.string().optional(),
  user: z
    .object({
      username: z.string().optional(),
      groups: strings,
      extra: z.record(z.string(), strings).nullish(),
    })
    .optional(),
});
const accessStatus = z.object({ allowed: z.boolean(), denied: z.boolean().optional() });

/** What somebody wants to do, as a SubjectAccessReview has it. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly namespace: string;
      /** Of one object; without it all of the kind are meant. */
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

/** Asks one cluster, as the dashboard's own account, who somebody is and what they may do. */
export class Reviews {
  readonly #access: () => KubeAccess;
  readonly #limiter = new Limiter(AT_ONCE);

  /** @param access the way to the cluster; what it throws counts as no answer. */
  constructor(access: () => KubeAccess) {
    this.#access = access;
  }

  /** Whose token it is; null: nobody's (any more). The token goes nowhere else. Throws {@link ReviewError}. */
  async whose(token: string): Promise<Subject | null> {
    const status = tokenStatus.safeParse(
      await this.#ask('/apis/authentication.k8s.io/v1/tokenreviews', { token }),
    );
    if (!status.success) throw new ReviewError(0, 'the answer to a token review has another shape');
    const { authenticated, user } = status.data;
    // Nobody in particular is nobody: names come from RBAC bindings, and an empty one matches none of them.
    if (authenticated !== true || !user?.username || user.username === 'system:anonymous') return null;
    const extra = Object.entries(user.extra ?? {}).map(([key, values]) => [key, values ?? []]);
    return { user: user.username, groups: user.groups ?? [], extra: Object.fromEntries(extra) };
  }

  /** Whether somebody may do that. Throws {@link ReviewError}. */
  async mayDo({ user, groups, extra }: Subject, asked: Attributes): Promise<boolean> {
    const attributes =
      'path' in asked ? { nonResourceAttributes: asked } : { resourceAttributes: { ...asked, version: '*' } };
    const spec = { user, groups, extra, ...attributes };
    const status = accessStatus.safeParse(
      await this.#ask('/apis/authorization.k8s.io/v1/subjectaccessreviews', spec),
    );
    if (!status.success) throw new ReviewError(0, 'the answer to an access review has another shape');
    return status.data.allowed && status.data.denied !== true;
  }

  async #ask(path: Parameters<typeof postReview>[1], spec: object): Promise<unknown> {
    const leave = await this.#limiter.enter();
    try {
      return await postReview(this.#wayThere(), path, spec);
    } finally {
      leave();
    }
  }

  #wayThere(): KubeAccess {
    try {
      return this.#access();
    } catch (cause) {
      throw new ReviewError(0, 'there is no way to the cluster', { cause });
    }
  }
}
