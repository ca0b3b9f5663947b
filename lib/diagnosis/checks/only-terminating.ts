import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { latest } from '@/lib/diagnosis/pod-groups';
import { type PortContext, type PortFinding, podsOf, serviceRef } from '@/lib/diagnosis/port-context';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { endpointsOfPort } from '@/lib/topology/endpoints';
import { podsCommand, portWord, slicesCommand } from './not-ready';

/**
 * `endpoints-only-terminating`: no endpoint is ready, some that shut down still serve. Controllers that use serving endpoints
 * (Traefik, kube-proxy) go on; those that want ready ones (ingress-nginx) answer 503: the fragments say which.
 */
export function onlyTerminating(read: Reader, context: PortContext): PortFinding {
  const { service, port } = context;
  const left = endpointsOfPort(context.endpoints, port.name).filter((endpoint) => endpoint.serving);
  const pods = podsOf(read, left);
  const ref = serviceRef(service);
  const found = draft({
    code: 'endpoints-only-terminating',
    severity: 'degraded',
    hop: 'endpoints',
    subject: ref,
    discriminator: portWord(context),
    title: `Service ${service.name}: only pods that are shutting down are left`,
    detail: `all endpoints of ${service.name}:${port.port} (${left.length}) are shutting down, and none has taken their place`,
    evidence: [
      evidence(
        ref,
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[].conditions`,
        `serving and terminating: ${left.length}, ready: 0`,
      ),
    ],
    related: pods.map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary:
        'Find out why no new pods come; for the next time, let the rollout start new pods before it stops old ones (RollingUpdate with maxUnavailable 0).',
      look: [slicesCommand(context), podsCommand(context)],
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: latest(pods.map((pod) => pod.deleting)),
  });
  return { status: 'degraded', drafts: [found] };
}
