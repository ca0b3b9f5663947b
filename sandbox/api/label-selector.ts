// Label selectors in the query-string form: `a=b,c!=d,e in (x,y),!f`.
import { badRequest } from './status';

type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
export type LabelTerm = { key: string; operator: Operator; values: readonly string[] };

type Labels = Readonly<Record<string, unknown>>;

const SET = /^([^\s!=<>(),]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const BINARY = /^([^\s!=<>(),]+)\s*(==|=|!=|<|>)\s*([^\s!=<>(),]*)$/;
const KEY = /^(!?)\s*([^\s!=<>(),]+)$/;

/** Splits at commas that are not inside parentheses. */
function terms(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/).map((term) => term.trim());
}

function parseTerm(term: string): LabelTerm {
  const set = SET.exec(term);
  if (set !== null) {
    const [, key = '', operator, values = ''] = set;
    return {
      key,
      operator: operator === 'in' ? 'in' : 'notin',
      values: values.split(',').map((value) => value.trim()),
    };
  }
  const binary = BINARY.exec(term);
  if (binary !== null) {
    const [, key = '', sign, value = ''] = binary;
    const operators: Record<string, Operator> = { '!=': '!=', '<': 'lt', '>': 'gt' };
    return { key, operator: operators[sign ?? ''] ?? '=', values: [value] };
  }
  const key = KEY.exec(term);
  if (key === null)
    throw badRequest(`unable to parse requirement: couldn't parse the selector string "${term}"`);
  return { key: key[2] ?? '', operator: key[1] === '!' ? '!' : 'exists', values: [] };
}

/** Parses a label selector; throws a 400 for one that no API server accepts. */
export function parseLabelSelector(selector: string): LabelTerm[] {
  return selector.trim() === '' ? [] : terms(selector).map(parseTerm);
}

function matches(term: LabelTerm, labels: Labels): boolean {
  const has = Object.hasOwn(labels, term.key);
  const value = has ? String(labels[term.key]) : '';
  switch (term.operator) {
    case '=':
    case 'in':
      return has && term.values.includes(value);
    case '!=':
    case 'notin':
      return !has || !term.values.includes(value);
    case 'exists':
      return has;
    case '!':
      return !has;
    case 'gt':
      return has && Number(value) > Number(term.values[0]);
    case 'lt':
      return has && Number(value) < Number(term.values[0]);
  }
}

/** Whether labels satisfy every term. */
export function matchesLabels(selector: readonly LabelTerm[], labels: Labels): boolean {
  return selector.every((term) => matches(term, labels));
}
