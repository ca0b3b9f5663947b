/** Checks of one host name. */
import type { Check, HostUnit } from '@/lib/diagnosis/check';
import { notCovered, recordConflict } from '@/lib/diagnosis/checks/external-dns';
import { localGap } from '@/lib/diagnosis/checks/local-gap';
import { severalDefaults } from '@/lib/diagnosis/checks/rule-default-backend';
import { acrossNamespaces, otherClass } from '@/lib/diagnosis/checks/rule-host-claims';
import { emptyHost, wildcardHost } from '@/lib/diagnosis/checks/rule-hosts';
import { sameHostDifferentSecret } from '@/lib/diagnosis/checks/tls-same-host';

export const HOST_CHECKS: readonly Check<HostUnit>[] = [
  { name: 'rule-host-across-namespaces', run: acrossNamespaces },
  { name: 'rule-duplicate-host-other-class', run: otherClass },
  { name: 'rule-host-wildcard', run: wildcardHost },
  { name: 'rule-host-empty', run: emptyHost },
  { name: 'rule-default-backend-multiple', run: severalDefaults },
  sameHostDifferentSecret,
  { name: 'lb-etp-local-gap', run: localGap },
  { name: 'dns-externaldns-not-covering', run: notCovered },
  { name: 'dns-externaldns-conflict', run: recordConflict },
];
