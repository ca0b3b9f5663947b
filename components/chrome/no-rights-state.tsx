import { EyeOff, ShieldQuestionMark } from 'lucide-react';
import { Command } from '@/components/panels/command';
import { StateFrame } from './states';

/** Who is signed in may see nothing here. `reason`: why, where it is not the cluster's RBAC. */
export function NoRightsState({ reason }: { readonly reason: string }) {
  if (reason !== '') return <UncheckedState reason={reason} />;
  return (
    <StateFrame icon={EyeOff} title="You may see no namespace of this cluster">
      <p>
        You are signed in, and the cluster’s rights leave nothing to show: a namespace is shown to who may
        list Services, Ingresses and Pods in it.
      </p>
      <p>Ask an administrator to let you read a namespace, for example:</p>
      <Command
        text={
          'kubectl -n MY-NAMESPACE create rolebinding see-traffic \\\n  --clusterrole=view --user=MY-NAME'
        }
      />
      <p>To see whether you may:</p>
      <Command text="kubectl auth can-i list ingresses.networking.k8s.io -n MY-NAMESPACE" />
    </StateFrame>
  );
}

/** Nobody knows what may be shown: so nothing is. */
function UncheckedState({ reason }: { readonly reason: string }) {
  return (
    <StateFrame icon={ShieldQuestionMark} title="What you may see could not be checked">
      <p className="name">{reason}</p>
      <p>
        The cluster says who may see what, and what it said holds for less than a minute. Without an answer
        nothing is shown. It is asked again every few seconds, and the map comes back by itself.
      </p>
      <p>With a kubeconfig of your own you see what that may see, without this check:</p>
      <Command text="npm start" />
    </StateFrame>
  );
}
