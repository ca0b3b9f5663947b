/** What the id of a rule says of it (`rule:KIND/NS/NAME/HOST/TYPE/PATH`): as much as whoever may name the rule knows. */

/** What a code means, at the first of the rules that it harms. */
export function meaningAt(meaning: string, rules: readonly string[]): string {
  const route = rules[0] === undefined ? null : routeOf(rules[0]);
  return route === null ? meaning : `${route}: ${meaning}`;
}

/** Id of the host of a rule's id; null where it says none. */
export function hostOfRuleId(rule: string): string | null {
  const host = rule.split('/')[3];
  return host === undefined || host === '~default' ? null : `host:${host}`;
}

function routeOf(rule: string): string | null {
  const [, , , host, , path] = rule.split('/').map(decoded);
  return host === undefined || path === undefined
    ? null
    : `${host === '*' ? 'any host' : host}${path.replace(/~\d+$/, '')}`;
}

function decoded(segment: string): string {
  return segment.replace(/%([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
