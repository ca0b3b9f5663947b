import { codesOf } from './code';

export const DNS_CODES = codesOf('dns', {
  'dns-name-unresolved': {
    severity: 'broken',
    meaning: 'The host name resolves to no address.',
    when: 'A literal host of a rule gives NXDOMAIN, or neither A nor AAAA after its CNAME chain, on every DNS server that is asked. With one server only, or where servers disagree, it is a warning that names the server.',
    traps: [
      'Wildcard hosts and names under .local, .internal, .test and .localhost are not asked for.',
      'SERVFAIL, a refusal or a timeout is no answer: the finding is unknown.',
    ],
    mend: 'Create an A, AAAA or CNAME record that leads to the load balancer, or let external-dns own it.',
  },
  'dns-points-elsewhere': {
    severity: 'broken',
    meaning: 'The host name leads to an address that is not this cluster’s.',
    when: 'None of the answers is an address of the load balancers before the host. Broken only with positive evidence: the address was this load balancer’s before, or is declared foreign. Otherwise the answer is unknown to us, and so is the verdict.',
    traps: [
      'A CDN, NAT or corporate balancer in front answers with its own address: declare it in ATLAS_KNOWN_ADDRESSES.',
      'The controller’s ClusterIP is a right answer inside the cluster.',
      'Most hosts with the same foreign addresses: the cluster is a standby, said once.',
    ],
    mend: 'Change the record to the address shown, and mind how long the old answer stays cached.',
  },
  'dns-partial-mismatch': {
    severity: 'degraded',
    meaning: 'Some of the host name’s addresses are not this cluster’s.',
    when: 'Some answers are addresses of the load balancers before the host, others are not, twice in a row.',
    traps: ['During a migration both are meant to be there: mark the finding as expected.'],
    mend: 'Remove the stale record.',
  },
});
