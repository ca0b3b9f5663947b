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
  'dns-ipv6-mismatch': {
    severity: 'degraded',
    meaning: 'The host name’s IPv6 address is not this cluster’s.',
    when: 'All that is wrong about the answers is AAAA, while the load balancers before the host have IPv4 addresses only.',
    traps: ['Addresses that NAT64 makes up (64:ff9b::/96).', 'A load balancer known by name, or with IPv6.'],
    mend: 'Delete the AAAA record, or give the load balancer IPv6.',
  },
  'dns-lb-hostname-unresolved': {
    severity: 'broken',
    meaning: 'The name of a load balancer does not resolve.',
    when: 'Every DNS server says for five minutes that the hostname in the status of a Service does not exist; one server alone is a warning.',
    traps: ['New names need minutes.', 'localhost and other local names; servers that do not answer.'],
    mend: 'Look whether the load balancer still exists.',
  },
  'dns-private-address': {
    severity: 'warning',
    meaning: 'The host name resolves to private addresses only.',
    when: 'All answers are private (RFC 1918, RFC 6598, loopback, link-local, ULA), while a load balancer before the host has a public address. One resolver alone: unknown.',
    traps: ['A load balancer with a private address itself.', 'ClusterIPs and declared addresses.'],
    mend: 'Publish a public record, or declare the address.',
  },
  'dns-proxied-by-cdn': {
    severity: 'info',
    meaning: 'Hosts are behind a content delivery network.',
    when: 'All foreign answers belong to one of Cloudflare, Fastly or CloudFront by a dated list of ranges. One finding for a network.',
    traps: [
      'Ranges age: what is not listed stays an unknown address.',
      'Some answers of this cluster, others not.',
    ],
    mend: 'Nothing: the origin cannot be verified from DNS.',
  },
  'dns-expected-address-unknown': {
    severity: 'info',
    meaning: 'There is no address to compare the host names with.',
    when: 'A host resolves, and neither its Ingresses nor the Services before its controller have an address. Said once.',
    traps: ['A name that does not resolve.', 'Declared addresses.'],
    mend: 'Let the controller publish its address, or declare it.',
  },
  'dns-externaldns-not-covering': {
    severity: 'warning',
    meaning: 'No external-dns here looks after the name.',
    when: 'external-dns runs, the name does not resolve, and the flags of every instance leave out every Ingress of the host.',
    traps: [
      'The name resolves: a record may be made by hand.',
      'Flags that cannot be read, regular expressions and annotation filters are not judged.',
    ],
    mend: 'Widen the flag that leaves it out.',
  },
  'dns-externaldns-controller-mismatch': {
    severity: 'warning',
    meaning: 'An annotation makes external-dns pass the Ingress by.',
    when: 'external-dns runs, the name does not resolve, and the annotation controller (either prefix) is not dns-controller.',
    traps: ['The name resolves.', 'No external-dns runs here.'],
    mend: 'Set the annotation to dns-controller, or drop it.',
  },
  'dns-externaldns-hostname-source': {
    severity: 'warning',
    meaning: 'Names should come from an annotation of external-dns that is not there.',
    when: 'external-dns runs, the name does not resolve, ingress-hostname-source is annotation-only and no annotation names a host.',
    traps: ['The name resolves.', 'The annotation hostname is there.'],
    mend: 'Add the annotation hostname.',
  },
  'dns-externaldns-target-override': {
    severity: 'info',
    impact: 'risk',
    meaning: 'An annotation lets names lead elsewhere than to the load balancer.',
    when: 'external-dns runs, and the annotation target of an Ingress is none of its load balancer’s addresses. One finding for a target.',
    traps: ['The target is the load balancer’s address.', 'No external-dns runs here.'],
    mend: 'Nothing if a CDN in front is meant.',
  },
  'dns-externaldns-conflict': {
    severity: 'degraded',
    meaning: 'Ingresses at different addresses claim the same record.',
    when: 'external-dns takes a name from two Ingresses whose status addresses differ, for five minutes.',
    traps: ['set-identifier or target annotations tell them apart.', 'Equal addresses.'],
    mend: 'Keep one owner of the name, or use set-identifier.',
  },
});
