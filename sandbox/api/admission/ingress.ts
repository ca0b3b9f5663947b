// The default class of an Ingress.
import { record } from '../json';
import type { Cause } from '../status';
import type { Storage } from '../storage';
import type { KubeObject } from '../types';

const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
const OLD_CLASS = 'kubernetes.io/ingress.class';

/** The class that an Ingress without one gets: among several defaults the newest, then by name. */
export function defaultClass(storage: Storage): string | undefined {
  const classes = storage
    .list('ingressclasses.networking.k8s.io')
    .filter((object) => record(object.metadata.annotations)[IS_DEFAULT] === 'true');
  const newest = classes.toSorted((a, b) => {
    const [x = '', y = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
    return x < y ? 1 : x > y ? -1 : a.metadata.name < b.metadata.name ? -1 : 1;
  });
  return newest[0]?.metadata.name;
}

/** A new Ingress may name its class in one place only. */
export function classCauses(ingress: KubeObject): Cause[] {
  const annotation = record(ingress.metadata.annotations)[OLD_CLASS];
  if (annotation === undefined || record(ingress.spec).ingressClassName === undefined) return [];
  const why = 'can not be set when the class field is also set';
  return [
    { field: `annotations.${OLD_CLASS}`, message: `Invalid value: ${JSON.stringify(annotation)}: ${why}` },
  ];
}

/** An Ingress as the API server stores it; the class is stamped at creation only. */
export function defaultIngress(
  ingress: KubeObject,
  old: KubeObject | undefined,
  storage: Storage,
): KubeObject {
  const spec = record(ingress.spec);
  const status = ingress.status ?? { loadBalancer: {} };
  const hasClass =
    spec.ingressClassName !== undefined || Object.hasOwn(record(ingress.metadata.annotations), OLD_CLASS);
  const name = hasClass || old !== undefined ? undefined : defaultClass(storage);
  return { ...ingress, spec: name === undefined ? spec : { ingressClassName: name, ...spec }, status };
}
