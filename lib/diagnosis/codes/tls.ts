import { codesOf } from './code';

export const TLS_CODES = codesOf('tls', {
  'tls-secret-missing': {
    severity: 'broken',
    meaning: 'The Secret that TLS names does not exist.',
    when: 'spec.tls names a Secret, and asking for it gives 404. Most controllers then serve their default certificate, which browsers reject: degraded. Those that refuse TLS altogether: broken.',
    traps: [
      'A Secret that may not be read is not missing.',
      'cert-manager may be about to make it.',
      'Where TLS ends at a cloud’s load balancer the Secret is not used.',
    ],
    mend: 'Create the Secret, or correct its name.',
  },
  'tls-secret-unreadable': {
    severity: 'info',
    meaning: 'Secrets may not be read, so certificates cannot be judged.',
    when: 'The API server refuses the dashboard the Secrets that Ingresses name.',
    traps: ['Not asked for yet is not refused.'],
    mend: 'Grant get on these Secrets by name, if you want certificates checked.',
  },
});
