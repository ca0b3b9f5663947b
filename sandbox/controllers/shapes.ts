/*
 * The parts of the Kubernetes objects that the simulated controllers read and write. Mutable and
 * partial on purpose: a sandbox passes through everything else untouched.
 */

export type Labels = Record<string, string>

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  generateName?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Labels
  annotations?: Labels
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  [key: string]: unknown
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  [key: string]: unknown
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  lastProbeTime?: string | null
  lastHeartbeatTime?: string
  observedGeneration?: number
}

export interface Selector {
  matchLabels?: Labels
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export interface KeyRef {
  name?: string
  key?: string
  optional?: boolean
}

export interface ContainerPort {
  name?: string
  containerPort: number
  hostPort?: number
  protocol?: string
}

export interface Container {
  name: string
  image: string
  args?: string[]
  command?: string[]
  ports?: ContainerPort[]
  env?: { name: string; value?: string; valueFrom?: { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef } }[]
  envFrom?: { configMapRef?: KeyRef; secretRef?: KeyRef }[]
  readinessProbe?: { httpGet?: { path?: string; port: number | string }; tcpSocket?: { port: number | string }; initialDelaySeconds?: number }
  [key: string]: unknown
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  nodeSelector?: Labels
  hostNetwork?: boolean
  hostname?: string
  subdomain?: string
  serviceAccountName?: string
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
  volumes?: { name: string; configMap?: KeyRef; secret?: { secretName?: string; optional?: boolean } }[]
  [key: string]: unknown
}

export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: { exitCode: number; reason: string; message?: string; startedAt: string; finishedAt: string; containerID?: string }
}

export interface ContainerStatus {
  name: string
  image: string
  imageID: string
  containerID?: string
  ready: boolean
  started: boolean
  restartCount: number
  state: ContainerState
  lastState: ContainerState
}

export interface PodStatus {
  phase?: string
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  initContainerStatuses?: ContainerStatus[]
  podIP?: string
  podIPs?: { ip: string }[]
  hostIP?: string
  hostIPs?: { ip: string }[]
  startTime?: string
  qosClass?: string
  [key: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
}

export interface PodTemplate {
  metadata?: { labels?: Labels; annotations?: Labels; [key: string]: unknown }
  spec: PodSpec
}

export interface ReplicaStatus {
  observedGeneration?: number
  replicas?: number
  readyReplicas?: number
  availableReplicas?: number
  fullyLabeledReplicas?: number
  updatedReplicas?: number
  unavailableReplicas?: number
  currentReplicas?: number
  currentRevision?: string
  updateRevision?: string
  collisionCount?: number
  conditions?: Condition[]
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; selector: Selector; template: PodTemplate }
  status?: ReplicaStatus
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    selector: Selector
    template: PodTemplate
    paused?: boolean
    revisionHistoryLimit?: number
    progressDeadlineSeconds?: number
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } }
  }
  status?: ReplicaStatus
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number
    serviceName?: string
    selector: Selector
    template: PodTemplate
    podManagementPolicy?: string
    volumeClaimTemplates?: (KubeObject & { spec?: { storageClassName?: string; resources?: { requests?: Labels }; accessModes?: string[] } })[]
  }
  status?: ReplicaStatus
}

export interface DaemonSet extends KubeObject {
  spec: { selector: Selector; template: PodTemplate }
  status?: Record<string, unknown>
}

export interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
  protocol?: string
  nodePort?: number
  appProtocol?: string
}

export interface LoadBalancerIngress {
  ip?: string
  hostname?: string
  ipMode?: string
  ports?: { port: number; protocol: string; error?: string }[]
}

export interface Service extends KubeObject {
  spec: {
    type?: string
    selector?: Labels
    ports?: ServicePort[]
    clusterIP?: string
    clusterIPs?: string[]
    externalIPs?: string[]
    externalName?: string
    publishNotReadyAddresses?: boolean
    loadBalancerClass?: string
    [key: string]: unknown
  }
  status?: { loadBalancer?: { ingress?: LoadBalancerIngress[] }; conditions?: Condition[] }
}

export interface SlicePort {
  name: string
  port: number
  protocol: string
  appProtocol?: string
}

export interface Endpoint {
  addresses: string[]
  conditions: { ready: boolean; serving: boolean; terminating: boolean }
  hostname?: string
  nodeName?: string
  zone?: string
  targetRef?: { kind: string; namespace?: string; name: string; uid?: string }
}

export interface EndpointSlice extends KubeObject {
  addressType: string
  endpoints: Endpoint[]
  ports: SlicePort[] | null
}

export interface IngressBackend {
  service?: { name: string; port?: { name?: string; number?: number } }
}

export interface Ingress extends KubeObject {
  spec?: {
    ingressClassName?: string
    defaultBackend?: IngressBackend
    tls?: { hosts?: string[]; secretName?: string }[]
    rules?: { host?: string; http?: { paths?: { path?: string; pathType?: string; backend: IngressBackend }[] } }[]
  }
  status?: { loadBalancer?: { ingress?: LoadBalancerIngress[] } }
}

export interface IngressClass extends KubeObject {
  spec?: { controller?: string }
}

export interface Secret extends KubeObject {
  type?: string
  data?: Labels
  stringData?: Labels
}

export interface Node extends KubeObject {
  spec?: { podCIDR?: string; podCIDRs?: string[]; providerID?: string; unschedulable?: boolean }
  status?: { addresses?: { type: string; address: string }[]; conditions?: Condition[] }
}
