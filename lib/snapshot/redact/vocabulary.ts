/** Words that the dashboard itself uses: those of its catalogue of findings, and some more. Whatever else stands in a sentence may be a name. */
import { CODES } from '@/lib/diagnosis/codes';

const MORE = `
  a about above after again all already also although always an and another answer answers answered any anyone anything are as ask asks at
  away back be because become been before behind being below best better between both but by came can cannot cause causes caused certain
  change changed changes come comes could day days decide decides declared did do does done down each either else empty end ends enough even
  ever every everything exist exists expect expects expected fail failed failing fails far few find finds first for form found four from
  get gets give given gives go goes gone got had half happen has have having here hidden his hour hours how however if in instead into is
  it its itself just keep keeps kept know known knows last later leads least leave leaves left less let lets like likely list listen listens
  long longer look looked looks made make makes many may mean means meant might minute minutes missing month months more most much must
  my name named names near need needed needs neither never new next no nobody none nor not nothing now number of off often old on once one
  only open or other others our out over own part parts per perhaps place point pointing points possible put rather reach reached reaches
  read reads ready really reason reasons refuse refused refuses restart restarted restarts right run running runs said same say says second
  seconds see seem seems seen send sends sent serve served serves serving set sets several shall should show shows side since small so some
  somebody something somewhere soon stand stands start started starts state states still stop stopped stops such take taken takes tell tells
  than that the their them then there therefore these they thing things think this those though three through time times to today together
  told too took toward towards tried tries try turn twice two under until unless up upon us use used user users uses usually very via wait
  waiting waits want wanted wants was way ways we week weeks well went were what whatever when where whether which while who whole whom
  whose why will with within without word words would wrong year years yes yet you your zero
  api apis http https tcp udp sctp tls ssl dns ip ipv4 ipv6 url uri cpu oom oomkilled crashloopbackoff imagepullbackoff errimagepull
  unschedulable createcontainererror createcontainerconfigerror invalidimagename containercreating podinitializing terminating completed
  error exit code status phase spec metadata annotations labels namespace kind deployment deployments statefulset daemonset replicaset
  replicasets replicas pod pods service services ingress ingresses ingressclass ingressclasses endpoints endpointslice endpointslices secret
  secrets configmap configmaps node nodes container containers image images host hosts path paths rule rules backend backends port ports
  nodeport clusterip loadbalancer externalname targetport selector matchlabels class controller controllers address addresses certificate
  certificates issuer clusterissuer networkpolicy networkpolicies probe readiness liveness startup resolve resolves resolved nxdomain
  servfail timeout timed domain zone record records nginx traefik haproxy kong contour istio cilium alb gce agic prefix exact
  implementationspecific cluster namespaces kubernetes io networking k8s v1 apps core app label key value field event events warning
  injection bad reachable evicted starved short livenessprobe readinessprobe bypass connection drained connects denial execution closes
  thought issuing pool carried replaces comments nowhere hole password permission doesnotexist claimed matching cut mysql postgresql
  redis mongodb elasticsearch grafana prometheus exposes passes depending past saying failure truth handshake overdue quotas scheduled
  reloading updated styles newer rewritten mends configures sees maybe routed getting taking using connections available stuck progress
  internet believes rate scripts typo breaks model due brought syncing suitable straight starting anybody granted loaded lower subtree
  idle schedule demand propagation previously undo stored tested supports obtaining falling worst upgrades free requested directive
  removed act logged resolution receive shut people led conflicting authorized perform costs chosen patches insufficient aims volume
  elected lose larger repeats further slashes character unready nearest slow upload incomplete fetch accept route middleware disruption
  budget managedfields ready-to-use load balancer balancers keda knative scaledobject helm release argo cd application flux
  normal pull failed back-off true false null none unknown stale live unreachable unauthorized connecting external internal
`;

const words = new Set<string>();

function take(text: string): void {
  for (const joined of text.split(/[^\p{L}\p{N}._-]+/u)) {
    const bare = joined.replace(/^[._-]+|[._-]+$/g, '').toLowerCase();
    words.add(bare);
    for (const word of bare.split(/[._-]/)) words.add(word);
  }
}

/** Whether a word, or several joined by dots and hyphens, is one of the dashboard's own; case does not matter. */
export function isVocabulary(word: string): boolean {
  if (words.size === 0) {
    take(MORE);
    for (const { meaning, when, traps, mend } of Object.values(CODES))
      for (const text of [meaning, when, mend, ...traps]) take(text);
  }
  return words.has(word.toLowerCase());
}
