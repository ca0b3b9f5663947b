/** What a controller's log says of what is still wrong: `controller-log-*` (CHECKS section 2, tables A to F). */
import { saying } from '@/lib/controllers/log-lines';
import type { LogFamily } from '@/lib/controllers/log-patterns';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerRef, logsCommand } from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { type JudgedComplaint, judgeComplaint } from '@/lib/diagnosis/log-judgement';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import type { Severity } from '@/lib/topology/model';
import { logFact } from '@/lib/topology/reads';

interface Told {
  readonly code: string;
  readonly severity: Severity;
  readonly words: string;
  readonly fix: string;
}

const TOLD: Readonly<Partial<Record<LogFamily, Told>>> = {
  'config-rejected': {
    code: 'controller-log-config-rejected',
    severity: 'degraded',
    words: 'rejects a configuration',
    fix: 'Correct what the line names; until then it is not live.',
  },
  'missing-backend': {
    code: 'controller-log-missing-backend',
    severity: 'degraded',
    words: 'misses a backend',
    fix: 'Create the Service or the port that the line names, or correct the rule.',
  },
  'no-endpoints': {
    code: 'controller-log-no-endpoints',
    severity: 'degraded',
    words: 'finds no endpoint',
    fix: 'Mend the pods of the Service that the line names.',
  },
  'tls-fallback': {
    code: 'controller-log-tls-fallback',
    severity: 'degraded',
    words: 'serves its default certificate',
    fix: 'Create the Secret that the line names, or correct its name in the Ingress.',
  },
  'ingress-ignored': {
    code: 'controller-log-ingress-ignored',
    severity: 'warning',
    words: 'ignores an Ingress that nobody else serves',
    fix: 'Give the Ingress a class that a running controller serves.',
  },
};

/** Findings of one kind at one controller: a log full of names must not fill the rail. */
const MOST = 10;
/** What only the log says must be said this often. */
const OFTEN = 3;

/** `controller-log-*` but for upstream errors, one for each object that the cluster shows to be wrong too. */
export function logComplaints(read: Reader, unit: ControllerUnit): readonly Found[] {
  const counts = new Map<string, number>();
  return judged(read, unit).flatMap((entry): Found[] => {
    const told = TOLD[entry.family];
    if (!told || (!entry.confirmed && entry.complaint.count < OFTEN)) return [];
    const count = (counts.get(told.code) ?? 0) + 1;
    counts.set(told.code, count);
    return count > MOST ? [] : [{ draft: complaintDraft(read, unit, entry, told) }];
  });
}

function judged(read: Reader, { id }: ControllerUnit): readonly JudgedComplaint[] {
  return (logFact(read, id)?.complaints ?? []).flatMap((complaint) => judgeComplaint(read, complaint) ?? []);
}

function complaintDraft(read: Reader, { controller }: ControllerUnit, entry: JudgedComplaint, told: Told) {
  const { complaint, about, rules, cause, confirmed } = entry;
  // Told already with what it does to whom, so that a second alarm would only hide the first; or nobody is seen to be harmed.
  const isEcho = cause !== null || (confirmed && rules.length === 0);
  const subject = controllerRef(read, controller);
  const what = about ? ` (${about.kind} ${about.namespace}/${about.name})` : '';
  return draft({
    code: told.code,
    severity: isEcho ? 'info' : confirmed ? told.severity : 'warning',
    hop: 'controller',
    subject,
    // Two ways to say one thing of one object are one finding: contributions of equal id merge.
    discriminator: complaint.object || complaint.pattern,
    cause,
    affects: isEcho ? [] : affected(rules, null),
    related: about ? [about] : [],
    title: `Controller ${controller.name} ${told.words}${what}`,
    detail: `it says, ${times(complaint.count)}: ${saying(complaint.line)}`,
    evidence: [evidence(subject, `log of ${complaint.pod}`, complaint.line, complaint.last)],
    fix: {
      summary: told.fix,
      look: [
        logsCommand(controller),
        ...(about ? [sh`kubectl -n ${about.namespace} get ${about.resource} ${about.name}`] : []),
      ],
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: complaint.first,
  });
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** Upstream errors within the last minutes that are more than a hiccup. */
const SOME = 5;
const MANY = 50;

/** `controller-log-upstream-error`: one for each controller, with the addresses that fail most. */
export function upstreamErrors(read: Reader, unit: ControllerUnit): readonly Found[] {
  const found = judged(read, unit).filter(({ family }) => family === 'upstream-error');
  const total = found.reduce((sum, { complaint }) => sum + complaint.count, 0);
  if (total < SOME) return [];
  const worst = found
    .map(({ complaint }) => complaint)
    .toSorted((a, b) => b.count - a.count || a.last - b.last);
  const { controller } = unit;
  const subject = controllerRef(read, controller);
  const [first] = worst;
  const addresses = [...new Set(worst.map(({ object }) => object).filter((object) => object !== ''))];
  const ip = addresses[0]?.replace(/:\d+$/, '').replace(/[[\]]/g, '');
  return [
    {
      draft: draft({
        code: 'controller-log-upstream-error',
        severity: total >= MANY ? 'degraded' : 'warning',
        hop: 'controller',
        subject,
        title: `Controller ${controller.name} gets errors from backends`,
        detail: `${total} errors in the newest lines${addresses.length > 0 ? `, from ${addresses.slice(0, 5).join(', ')}` : ''}: ${saying(first?.line ?? '')}`,
        evidence: worst
          .slice(0, 5)
          .map(({ pod, line, last, count }) =>
            evidence(subject, `log of ${pod} (${times(count)})`, line, last),
          ),
        fix: {
          summary:
            'Find the pod of the address: refused is a wrong port or a dead application, a timeout while connecting a NetworkPolicy or routing, one while reading a slow application.',
          look: [
            logsCommand(controller),
            ...(ip
              ? [
                  sh`kubectl -n ${controller.namespace} get pods -A -o wide --field-selector status.podIP=${ip}`,
                ]
              : []),
          ],
        },
        holdMs: OBJECT_HOLD_MS,
        startedAt: Math.min(...worst.map((complaint) => complaint.first)),
      }),
    },
  ];
}
