import { codesOf } from './code';

/** What all verdicts on traffic have in common. */
const CERTAINTY = [
  'Broken only where the network plugin is known to enforce policies; elsewhere it is a warning with “would”.',
  'Where Flannel alone runs, policies have no effect: nothing is said but networkpolicy-unenforced.',
];

export const NETWORKPOLICY_CODES = codesOf('networkpolicy', {
  'networkpolicy-blocks-controller': {
    severity: 'broken',
    meaning: 'NetworkPolicies keep the controller from the pods behind a rule.',
    when: 'Ready pods behind the Service’s port are isolated for ingress, and no rule of any policy that selects them admits the controller’s pods on the port of the pod. Where some pods or controllers get through it is degraded.',
    traps: [
      ...CERTAINTY,
      'Rules of all policies are a union; an absent or empty list of peers is everyone, of ports every port.',
      'A pod selector without namespace selector means the policy’s own namespace; both in one peer must hold, of two peers one is enough.',
      'Named ports are those of each pod’s containers, ranges end with endPort, and the Service’s port never counts.',
      'An ipBlock that covers a pod’s address, namespace labels that cannot be read, an ambient mesh: unknown.',
      'A namespace whose policies only deny, beside an installed policy kind that may allow (Cilium, Calico, AdminNetworkPolicy): a warning.',
    ],
    mend: 'Add a policy that lets the controller’s namespace, by kubernetes.io/metadata.name, in on the port of the pod.',
  },
  'mesh-mtls-strict': {
    severity: 'warning',
    meaning: 'Pods ask for the mesh’s mutual TLS, and the controller is not in the mesh.',
    when: 'The PeerAuthentication that holds for a port of ready pods behind a rule (by port, workload, namespace, or in istio-system for the mesh; the oldest among equals) is STRICT, those pods have an istio-proxy or are in the ambient mesh, and no pod of the controller is. State unknown: the refusal itself is not seen.',
    traps: [
      'PERMISSIVE on the port, by workload or by namespace wins over STRICT above it.',
      'Istio’s own gateway, and a controller with a sidecar or in the ambient mesh, bring a certificate.',
      'Pods without sidecar do not enforce anything; nor do ports that traffic.sidecar.istio.io/excludeInboundPorts names.',
      'A root namespace other than istio-system cannot be read: what it says for the mesh is not known.',
      'PeerAuthentications that may not be read: nothing is said.',
    ],
    mend: 'Bring the controller into the mesh, or make the one port PERMISSIVE by a PeerAuthentication of the workload.',
  },
  'networkpolicy-foreign-applies': {
    severity: 'warning',
    meaning: 'Policies that are not evaluated select the pods behind a rule.',
    when: 'A CiliumNetworkPolicy, a Calico policy or an AdminNetworkPolicy that may keep traffic out selects ready pods behind a rule, or an AuthorizationPolicy does and the pods are in the mesh: state unknown. One finding for each Service.',
    traps: [
      'Policies for other pods, and policies for egress alone.',
      'AuthorizationPolicies bind pods of the mesh only; AUDIT refuses nothing, DENY and CUSTOM without rules neither, and one ALLOW for every request makes the others harmless.',
      'AdminNetworkPolicies that only allow or pass keep nobody out.',
      'Cilium’s enableDefaultDeny.ingress: false, rules for nodes and for reserved identities.',
      'Pods on their nodes’ network, and clusters where Flannel alone runs, know no policies of plugins.',
      'A selector that cannot be told counts as one that may select the pods; kinds that may not be read say nothing.',
    ],
    mend: 'Read the policies that are named: they must let the controller in on the port of the pod.',
  },
  'networkpolicy-controller-egress': {
    severity: 'broken',
    meaning: 'NetworkPolicies keep the controller from going out to a backend.',
    when: 'The controller’s pods are isolated for egress, and no rule reaches the ready pods behind a rule’s Service on their port.',
    traps: [
      ...CERTAINTY,
      'Without policyTypes a policy isolates egress only when it has egress rules.',
      'An endpoint without a pod is judged by its address.',
    ],
    mend: 'Add an egress rule to the backend’s namespace and port; the controller needs DNS and the API server too.',
  },
  'networkpolicy-controller-ingress': {
    severity: 'broken',
    meaning: 'NetworkPolicies keep users from the controller’s pods.',
    when: 'The controller’s pods are isolated for ingress, and no rule with everyone or an address block covers the container ports behind its exposed Services.',
    traps: [
      ...CERTAINTY,
      'Any ipBlock on the port may be the load balancer’s or the nodes’: not judged.',
      'A rule for every namespace may mean load balancers that are pods (k3s ServiceLB): not judged.',
      'Pods on the network of their node are seldom bound by policies.',
    ],
    mend: 'Allow the container ports from everyone, or from the addresses of load balancer and nodes.',
  },
  'networkpolicy-blocks-cloud-lb': {
    severity: 'broken',
    meaning: 'NetworkPolicies keep a cloud load balancer from the pods it sends to.',
    when: 'An ALB with target type ip, or GKE with container-native NEGs, and pods isolated for ingress without any rule with everyone or an address block on their port.',
    traps: [
      ...CERTAINTY,
      'Target type instance goes through nodes; parameters of the class may say otherwise: not judged.',
      'Any ipBlock on the port may be the load balancer’s subnets.',
    ],
    mend: 'Add a rule with an ipBlock for the load balancer’s subnets.',
  },
  'networkpolicy-hostnetwork-unknown': {
    severity: 'warning',
    meaning: 'A controller on its nodes’ network cannot be matched by pod selectors.',
    when: 'The controller’s pods use hostNetwork and pods behind its rules are isolated by policies that do not admit everyone: state unknown.',
    traps: [
      'A rule without peers, or an ipBlock that covers the nodes of all its pods, lets it in.',
      'Where policies have no effect nothing is said.',
    ],
    mend: 'Allow the nodes’ addresses by ipBlock, or the host entity of the CNI.',
  },
  'networkpolicy-port-mismatch': {
    severity: 'broken',
    meaning: 'A policy lets the right peers through, but on a port that is not the pod’s.',
    when: 'It is the cause of a closed way: peers of a rule match, and it names the Service’s port, another protocol, or a port name that no container declares.',
    traps: [
      'A rule for another port, such as metrics, is not taken for a mistake.',
      'Where the Service’s port and the pod’s are the same there is no mismatch.',
    ],
    mend: 'Name the port of the pod, by number or by name.',
  },
  'networkpolicy-namespace-label-missing': {
    severity: 'broken',
    meaning: 'A policy chooses a namespace by a label that it does not have.',
    when: 'It is the cause of a closed way: the ports of a rule match, and a namespace selector asks for a label that the namespace lacks, with its name as value, or matches no namespace at all.',
    traps: [
      'A selector that matches other namespaces lets others in, on purpose.',
      'Labels of a namespace that cannot be read are not missing.',
    ],
    mend: 'Use kubernetes.io/metadata.name, which every namespace has.',
  },
  'networkpolicy-default-deny': {
    severity: 'info',
    meaning: 'A policy denies by default, and nothing opens the way.',
    when: 'It is the cause of a closed way: a policy without rules in that direction selects the pod, and neither a wrong port nor a missing label explains why no other opens it.',
    traps: ['Alone it is good practice: it is named only where it stops a rule’s traffic.'],
    mend: 'Leave it, and add a policy beside it that allows this traffic.',
  },
  'networkpolicy-peer-empty': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'A policy names peers that do not exist.',
    when: 'A namespace selector matches no namespace, or a pod selector matches no pod and no workload and differs by a slip from labels that exist. One finding for each namespace.',
    traps: [
      'Pods of Jobs and pods to come: a pod selector counts only where it looks like a slip.',
      'Address blocks are never called empty.',
      'A view limited to some namespaces does not know the others.',
    ],
    mend: 'Use labels that exist.',
  },
  'networkpolicy-dangling': {
    severity: 'info',
    impact: 'risk',
    meaning: 'A policy selects no pod.',
    when: 'Its pod selector, expressions included, matches no pod and no workload’s template. One finding for each namespace.',
    traps: [
      'A workload scaled to zero counts.',
      'Policies for cert-manager’s solvers wait for the next challenge.',
      'An empty selector is for pods to come.',
    ],
    mend: 'Correct the selector, or delete the policy.',
  },
  'networkpolicy-allow-all': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'A policy lets everyone in to all pods of a namespace behind rules.',
    when: 'A policy for all pods of a namespace has a rule without peers and ports, and rules that are served lead there. One finding for each namespace.',
    traps: [
      'An empty pod selector alone only says whom the policy is for.',
      'A rule with ports, or with any peer, is not everything.',
    ],
    mend: 'Let in the controller’s namespace only.',
  },
  'networkpolicy-blocks-webhook': {
    severity: 'degraded',
    meaning: 'NetworkPolicies keep the API server from the admission webhook.',
    when: 'The controller’s pods are isolated for ingress and no rule names the port behind the webhook’s Service, whoever its peers are. A warning where failurePolicy is Ignore.',
    traps: [
      ...CERTAINTY,
      'The API server calls from a node, from its own network or through a tunnel’s pods: any rule that names the port is taken as good.',
    ],
    mend: 'Allow the webhook’s container port from the control plane.',
  },
  'networkpolicy-blocks-acme-solver': {
    severity: 'broken',
    meaning: 'NetworkPolicies keep an ACME challenge from being answered.',
    when: 'A Service of cert-manager’s solver is closed to the controller as in networkpolicy-blocks-controller, and a Challenge exists.',
    traps: [...CERTAINTY, 'Without a Challenge in the namespace the solver is a leftover.'],
    mend: 'Let the controller in on port 8089 of pods with acme.cert-manager.io/http01-solver.',
  },
  'networkpolicy-blocks-dns': {
    severity: 'degraded',
    meaning: 'NetworkPolicies keep the controller from looking up names.',
    when: 'The controller’s pods are isolated for egress, and no rule reaches the pods of kube-dns by UDP.',
    traps: [
      ...CERTAINTY,
      'With NodeLocal DNSCache, or where DaemonSets cannot be read, somebody else may answer: not judged.',
      'An ipBlock that covers the DNS pods: not judged.',
    ],
    mend: 'Allow UDP and TCP 53 to kube-dns.',
  },
  'networkpolicy-unenforced': {
    severity: 'info',
    impact: 'risk',
    meaning: 'NetworkPolicies exist, and nothing enforces them.',
    when: 'Flannel is the only network plugin among the DaemonSets.',
    traps: [
      'Canal, kube-router, Calico or another plugin beside it enforce.',
      'k3s and RKE2 enforce by themselves; cloud data planes by their settings: unknown.',
    ],
    mend: 'Use a network plugin that enforces policies.',
  },
  'networkpolicy-foreign-present': {
    severity: 'info',
    impact: 'risk',
    meaning: 'Policies of kinds that are not read may stop or allow traffic.',
    when: 'The API server serves policies of Cilium, Calico, Antrea, Istio or AdminNetworkPolicy, and these objects are not watched here: once for the cluster, state unknown.',
    traps: [
      'Kinds that are read are told where they concern a rule: networkpolicy-foreign-applies.',
      'API groups that cannot be read say nothing.',
    ],
    mend: 'Look at these objects where NetworkPolicies do not explain what happens.',
  },
  'networkpolicy-missing': {
    severity: 'info',
    impact: 'risk',
    meaning: 'No NetworkPolicy guards the pods behind rules.',
    when: 'Pods behind a rule that somebody serves are selected by no policy for ingress. One finding for each namespace.',
    traps: [
      'Another kind of policy may guard them: unknown.',
      'API groups that cannot be read, or policies without effect: nothing is said.',
    ],
    mend: 'Deny by default, and let the controller in.',
  },
});
