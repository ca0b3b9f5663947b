// Access and token reviews: asked by POST, answered at once, stored nowhere.
import { type Authenticator, serviceAccountUser, type User } from './auth';
import { array, isRecord, type JsonRecord, record, text } from './json';
import type { Attributes, Authorizer } from './rbac';

function optional(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function attributesOf(spec: JsonRecord): Attributes {
  const path = record(spec.nonResourceAttributes);
  if (spec.nonResourceAttributes !== undefined) {
    return { verb: text(path.verb), group: '', resource: '', path: text(path.path) };
  }
  const asked = record(spec.resourceAttributes);
  const attributes: Attributes = {
    verb: text(asked.verb),
    group: text(asked.group),
    resource: text(asked.resource),
  };
  for (const key of ['namespace', 'name', 'subresource'] as const) {
    const value = optional(asked[key]);
    if (value !== undefined) attributes[key] = value;
  }
  return attributes;
}

function accessStatus(authorizer: Authorizer, user: User, spec: JsonRecord): JsonRecord {
  const isAllowed = authorizer.isAllowed(user, attributesOf(spec));
  return isAllowed ? { allowed: true, reason: 'RBAC: allowed' } : { allowed: false };
}

function rulesStatus(authorizer: Authorizer, user: User, spec: JsonRecord): JsonRecord {
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  const everyPath = { verbs: ['*'], nonResourceURLs: ['*'] };
  const isMaster = user.groups.includes('system:masters');
  const rules: JsonRecord[] = isMaster
    ? [everything, everyPath]
    : authorizer.rules(user, text(spec.namespace)).filter(isRecord);
  const paths = rules.filter((rule) => 'nonResourceURLs' in rule);
  return {
    resourceRules: rules.filter((rule) => 'resources' in rule),
    nonResourceRules: paths.map(({ verbs, nonResourceURLs }) => ({
      verbs,
      nonResourceURLs: nonResourceURLs ?? [],
    })),
    incomplete: false,
  };
}

function subjectOf(spec: JsonRecord): User {
  const name = text(spec.user);
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const implied = account === null ? [] : serviceAccountUser(account[1] ?? '', account[2] ?? '').groups;
  return { name, groups: [...array(spec.groups).map(String), ...implied] };
}

function userInfo(user: User): JsonRecord {
  return { username: user.name, groups: user.groups, ...(user.uid === undefined ? {} : { uid: user.uid }) };
}

function tokenStatus(authenticator: Authenticator, spec: JsonRecord): JsonRecord {
  const user = authenticator.lookup(text(spec.token));
  if (user === undefined) return { user: {}, error: 'invalid bearer token' };
  const audiences = array(spec.audiences);
  return { authenticated: true, user: userInfo(user), ...(audiences.length === 0 ? {} : { audiences }) };
}

/** Fills in the status of a review; undefined for a kind that is none. */
export function review(
  object: JsonRecord,
  user: User,
  authorizer: Authorizer,
  authenticator: Authenticator,
): JsonRecord | undefined {
  const spec = record(object.spec);
  const metadata = { ...record(object.metadata), creationTimestamp: null };
  const answer = (status: JsonRecord): JsonRecord => ({ ...object, metadata, spec, status });
  switch (object.kind) {
    case 'SelfSubjectAccessReview':
      return answer(accessStatus(authorizer, user, spec));
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview':
      return answer(accessStatus(authorizer, subjectOf(spec), spec));
    case 'SelfSubjectRulesReview':
      return answer(rulesStatus(authorizer, user, spec));
    case 'SelfSubjectReview':
      return { ...object, metadata, status: { userInfo: userInfo(user) } };
    case 'TokenReview':
      return answer(tokenStatus(authenticator, spec));
    default:
      return undefined;
  }
}
