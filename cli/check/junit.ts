/* The result as JUnit XML: a test for each rule, and one for each finding that no rule bears. */
import type { CheckResult, Located } from './result';

/** XML 1.0 knows no control characters but tab and line ends, escaped or not. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function failure({ finding, place }: Located): string {
  const where = place ? ` (${place.file}:${place.line})` : '';
  return `      <failure type="${xml(finding.code)}" message="${xml(finding.title)}">${xml(`${finding.detail}${where}\n${finding.fix.summary}`)}</failure>`;
}

function test(suite: string, name: string, failures: readonly Located[]): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  return failures.length === 0
    ? `${open}/>`
    : `${open}>\n${failures.map(failure).join('\n')}\n    </testcase>`;
}

/** One XML document. What does not reach the threshold fails no test. */
export function junitReport({ what, rules, findings }: CheckResult, failed: readonly Located[]): string {
  const bad = new Map(failed.map((found) => [found.finding.id, found]));
  const borne = new Set(rules.flatMap((rule) => rule.findings));
  const ofRules = rules.map((rule) => {
    const own = rule.findings.flatMap((id) => bad.get(id) ?? []);
    return { text: test(`rules.${rule.namespace}`, rule.name, own), failed: own.length > 0 };
  });
  const others = findings
    .filter(({ finding }) => !borne.has(finding.id))
    .map((found) => {
      const own = bad.has(found.finding.id) ? [found] : [];
      return {
        text: test(`findings.${found.finding.hop}`, found.finding.title, own),
        failed: own.length > 0,
      };
    });
  const all = [...ofRules, ...others];
  const failures = all.filter((entry) => entry.failed).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Ingress Atlas" tests="${all.length}" failures="${failures}">`,
    `  <testsuite name="${xml(what)}" tests="${all.length}" failures="${failures}">`,
    ...all.map((entry) => entry.text),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}
