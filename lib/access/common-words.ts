/** Words of our own texts and of the trade: as a name they tell nothing, so a text that has them names nobody. */

import { CONTROLLERS } from '@/lib/controllers/registry';
import { CODES } from '@/lib/diagnosis/codes';
import { wordsOf } from './words';

/** Namespaces and names that every other cluster has. */
const USUAL =
  'default kube-system kube-public ingress-nginx ingress nginx traefik haproxy contour projectcontour kong istio istio-system ' +
  'cert-manager external-dns app apps api web frontend backend server main http https grpc tcp udp tls prod production ' +
  'staging test dev kubectl get describe logs deployment deployments deploy daemonset statefulset replicaset service services ' +
  'svc pod pods ingresses ingressclass secret secrets configmap endpoints endpointslice node nodes namespace namespaces';

/** All of them, in lower case. */
export function commonWords(): ReadonlySet<string> {
  const texts = Object.entries(CODES).flatMap(([code, told]) => [
    code,
    told.meaning,
    told.when,
    told.mend,
    ...told.traps,
  ]);
  const types = CONTROLLERS.map(({ type, title }) => `${type} ${title}`);
  return new Set([USUAL, ...texts, ...types].flatMap((text) => [...wordsOf(text)]));
}
