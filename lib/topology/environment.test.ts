import { expect, test } from 'vitest';
import { environmentOf, parseEnvironmentRule } from './environment';

test.each([
  ['prod-eu', 'production'],
  ['arn:aws:eks:eu-central-1:1:cluster/live', 'production'],
  ['pre-prod', 'staging'],
  ['preprod', 'staging'],
  ['gke_x_staging', 'staging'],
  ['kind-kind', 'development'],
  ['product-catalogue', 'other'],
  ['', 'other'],
])('%s is %s by its name', (name, environment) => {
  expect(environmentOf(name)).toBe(environment);
});

test('the first rule that matches holds; * is anything', () => {
  const rules = ['eu-*=production', '*-x-*=staging', 'eu-1=other', 'a=b=development'].map((text) => {
    const rule = parseEnvironmentRule(text);
    if (!rule) throw new Error(text);
    return rule;
  });
  const of = (name: string) => environmentOf(name, rules);
  expect([of('eu-1'), of('EU-9'), of('us-x-1'), of('a=b'), of('us-x'), of('prod')]).toEqual([
    'production',
    'production',
    'staging',
    'development',
    'other',
    'production',
  ]);
  for (const wrong of ['', 'eu', '=production', 'eu=red', 'eu='])
    expect(parseEnvironmentRule(wrong)).toBeNull();
});

test('a pattern of many stars ends', () => {
  const pattern = `${'*a'.repeat(60)}*b=production`;
  const rule = parseEnvironmentRule(pattern);
  expect(environmentOf('a'.repeat(5000), rule ? [rule] : [])).toBe('other');
});
