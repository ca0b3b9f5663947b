/** Codes of what only manifests tell: `check` finds them in files, a running cluster never. */
import { codesOf } from './code';

export const MANIFEST_CODES = {
  ...codesOf('tls', {
    'tls-key-in-manifests': {
      severity: 'broken',
      impact: 'risk',
      meaning: 'A private key stands in a file that is kept with the manifests.',
      when: 'A Secret has a tls.key in data or stringData, a text holds a PEM block of a private key, or a file of the folder is a key store (*.key, *.pem with a private key, *.pfx, *.p12). The place is told, never the value.',
      traps: [
        'SealedSecrets, ExternalSecrets, SOPS, ansible-vault and git-crypt files hold no readable key.',
        'Helm placeholders and empty values are no keys.',
        'Below folders named testdata, fixtures, examples or test it is a hint.',
      ],
      mend: 'Make a new key, since the old one stays in the history; keep it out of Git with cert-manager, External Secrets, Sealed Secrets or SOPS.',
    },
  }),
  ...codesOf('best-practice', {
    'ingress-api-deprecated': {
      severity: 'warning',
      meaning: 'A manifest names an API version of Ingress that is served no more.',
      when: 'An Ingress or IngressClass with apiVersion extensions/v1beta1 or networking.k8s.io/v1beta1. Kubernetes 1.22 dropped both.',
      traps: ['Objects of a running cluster are converted: only manifests can have it.'],
      mend: 'Rewrite it for networking.k8s.io/v1: pathType is required, backends are nested under service.',
    },
  }),
};
