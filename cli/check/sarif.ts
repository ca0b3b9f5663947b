/* The result as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a pull request. */
import { CODES } from '@/lib/diagnosis/codes';
import type { Finding, Severity } from '@/lib/topology/model';
import type { CheckResult, Located } from './result';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  broken: 'error',
  degraded: 'error',
  warning: 'warning',
  info: 'note',
};

function ruleOf(code: string) {
  const info = CODES[code];
  return {
    id: code,
    shortDescription: { text: info?.meaning ?? code },
    fullDescription: { text: info?.when ?? code },
    help: { text: info?.mend ?? '' },
    properties: { hop: info?.hop ?? '', impact: info?.impact ?? '' },
  };
}

function logicalName({ subject }: Finding): string {
  return `${subject.kind}/${subject.namespace === '' ? '' : `${subject.namespace}/`}${subject.name}`;
}

/** Texts of findings end without a full stop where they are no sentences. */
function sentences(...parts: readonly string[]): string {
  return parts
    .map((part) => part.replace(/[:\s]+$/, ''))
    .filter((part) => part !== '')
    .map((part) => (/[.!?…”]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

function resultOf({ finding, place }: Located) {
  const physicalLocation = place && {
    artifactLocation: { uri: place.file.split('\\').join('/') },
    region: { startLine: place.line },
  };
  return {
    ruleId: finding.code,
    level: finding.state === 'unknown' ? 'note' : LEVELS[finding.severity],
    message: { text: sentences(`${finding.title}: ${finding.detail}`, finding.fix.summary) },
    locations: [
      {
        ...(physicalLocation ? { physicalLocation } : {}),
        logicalLocations: [{ fullyQualifiedName: logicalName(finding), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'finding/v1': finding.id },
  };
}

/** One SARIF document with one run. */
export function sarifReport({ findings }: CheckResult): string {
  const codes = [...new Set(findings.map(({ finding }) => finding.code))].sort();
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Ingress Atlas', rules: codes.map(ruleOf) } },
          results: findings.map(resultOf),
        },
      ],
    },
    null,
    2,
  );
}
