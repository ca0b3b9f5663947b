/** Who owns an object's manifest, so that a fix is not undone by the next synchronisation. */
import type { Meta } from '@/lib/kube/objects';

/** Argo CD, resource tracking: annotation `APP:GROUP/KIND:NS/NAME`, or a label; the common label only beside an annotation. */
function argoApplication({ labels, annotations }: Meta): string | null {
  const tracking = annotations['argocd.argoproj.io/tracking-id'];
  if (tracking) return tracking.split(':')[0] ?? null;
  const instance = annotations['argocd.argoproj.io/instance'] ?? labels['argocd.argoproj.io/instance'];
  if (instance) return instance;
  const marked = Object.keys(annotations).some((name) => name.startsWith('argocd.argoproj.io/'));
  return marked ? (labels['app.kubernetes.io/instance'] ?? null) : null;
}

/** Flux marks what it applies with the name and namespace of the Kustomization or HelmRelease. */
function fluxOwner(labels: Meta['labels'], controller: string, kind: string): string | null {
  const name = labels[`${controller}.toolkit.fluxcd.io/name`];
  if (!name) return null;
  const namespace = labels[`${controller}.toolkit.fluxcd.io/namespace`];
  return namespace ? `Flux ${kind} ${name} in ${namespace}` : `Flux ${kind} ${name}`;
}

/** Helm's own marks; the annotation alone is left behind by `helm template` pipelines, so both are wanted. */
function helmRelease({ labels, annotations, namespace }: Meta): string | null {
  const release = annotations['meta.helm.sh/release-name'];
  if (!release || labels['app.kubernetes.io/managed-by'] !== 'Helm') return null;
  const home = annotations['meta.helm.sh/release-namespace'] ?? namespace;
  return home === '' ? `Helm release ${release}` : `Helm release ${release} in ${home}`;
}

/** The outermost owner in words; GitOps tools come before Helm, because they apply what Helm renders. */
export function managedBy(meta: Meta): string | null {
  const application = argoApplication(meta);
  if (application) return `Argo CD application ${application}`;
  return (
    fluxOwner(meta.labels, 'helm', 'HelmRelease') ??
    fluxOwner(meta.labels, 'kustomize', 'Kustomization') ??
    helmRelease(meta)
  );
}
