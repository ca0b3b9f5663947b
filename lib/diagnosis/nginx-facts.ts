/** What the checks of community ingress-nginx' builds look at. */
import { type NginxBuild, nginxBuild } from '@/lib/controllers/nginx-advisories';
import type { Reader } from '@/lib/state/cells';
import type { ControllerUnit } from './check';
import { type ControllerFacts, controllerFacts } from './controller-facts';
import { evidence } from './draft';

/** Where to go from here. */
export const WAYS_OUT =
  'Move to a maintained controller: a Gateway API implementation (ingress2gateway translates), Traefik with its ingress-nginx provider, F5 NGINX Ingress Controller, HAProxy or another one.';

export interface Nginx extends ControllerFacts {
  readonly build: NginxBuild;
}

/** Facts of a community ingress-nginx, whoever built it; null for other controllers. */
export function nginxOf(read: Reader, { controller }: ControllerUnit): Nginx | null {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  if (!facts) return null;
  const labels = { ...facts.workload.templateLabels, ...facts.workload.labels };
  return { ...facts, build: nginxBuild(facts.container.image, labels) };
}

/** The image as the template names it. */
export const imageEvidence = ({ ref, container }: ControllerFacts) =>
  evidence(ref, `spec.template.spec.containers[${container.name}].image`, container.image);
