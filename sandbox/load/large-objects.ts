/* The objects of one application of the large cluster, as fat as real ones. */
import type { Condition, ContainerState, EndpointSlice, Ingress, KubeObject, Labels } from '../controllers/shapes'
import type { App, PlannedIngress } from './large-plan'

const PORT = 8080

function labelsOf(app: App): Labels {
  return { 'app.kubernetes.io/name': app.name, 'app.kubernetes.io/instance': app.name, 'app.kubernetes.io/part-of': app.namespace, 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': `${app.name}-1.4.2` }
}

function selectorOf(app: App): Labels {
  return { 'app.kubernetes.io/name': app.name, 'app.kubernetes.io/instance': app.name }
}

function hashOf(app: App): string {
  return `7d4f9c${(app.index % 100_000).toString().padStart(4, '0')}`
}

/** What a server-side managedFields entry of a pod looks like: two kilobytes of field names. */
function podManagedFields(time: string): unknown[] {
  const none = {}
  const condition = (type: string): [string, unknown] => [`k:{"type":"${type}"}`, { '.': none, 'f:lastProbeTime': none, 'f:lastTransitionTime': none, 'f:status': none, 'f:type': none }]
  const variables = Object.fromEntries(['LOG_LEVEL', 'DATABASE_HOST', 'DATABASE_USER', 'DATABASE_PASSWORD', 'POD_NAME', 'POD_NAMESPACE', 'OTEL_EXPORTER_OTLP_ENDPOINT'].map((name) => [`k:{"name":"${name}"}`, { '.': none, 'f:name': none, 'f:value': none }]))
  const container = { '.': none, 'f:env': { '.': none, ...variables }, 'f:image': none, 'f:imagePullPolicy': none, 'f:livenessProbe': probeFields(), 'f:name': none, 'f:ports': { '.': none, 'k:{"containerPort":8080,"protocol":"TCP"}': { '.': none, 'f:containerPort': none, 'f:name': none, 'f:protocol': none } }, 'f:readinessProbe': probeFields(), 'f:resources': { '.': none, 'f:limits': { '.': none, 'f:memory': none }, 'f:requests': { '.': none, 'f:cpu': none, 'f:memory': none } }, 'f:terminationMessagePath': none, 'f:terminationMessagePolicy': none, 'f:volumeMounts': { '.': none, 'k:{"mountPath":"/etc/app"}': { '.': none, 'f:mountPath': none, 'f:name': none, 'f:readOnly': none } } }
  const spec = { 'f:containers': { 'k:{"name":"app"}': container }, 'f:dnsPolicy': none, 'f:enableServiceLinks': none, 'f:restartPolicy': none, 'f:schedulerName': none, 'f:securityContext': none, 'f:serviceAccount': none, 'f:serviceAccountName': none, 'f:terminationGracePeriodSeconds': none, 'f:volumes': { '.': none, 'k:{"name":"config"}': { '.': none, 'f:configMap': { '.': none, 'f:defaultMode': none, 'f:name': none }, 'f:name': none } } }
  const status = { 'f:conditions': Object.fromEntries(['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'].map(condition)), 'f:containerStatuses': none, 'f:hostIP': none, 'f:hostIPs': none, 'f:phase': none, 'f:podIP': none, 'f:podIPs': none, 'f:startTime': none }
  return [
    { manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1: { 'f:metadata': { 'f:generateName': none, 'f:labels': none, 'f:ownerReferences': none }, 'f:spec': spec } },
    { manager: 'kubelet', operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1: { 'f:status': status }, subresource: 'status' },
  ]
}

function probeFields(): unknown {
  const none = {}
  return { '.': none, 'f:failureThreshold': none, 'f:httpGet': { '.': none, 'f:path': none, 'f:port': none, 'f:scheme': none }, 'f:periodSeconds': none, 'f:successThreshold': none, 'f:timeoutSeconds': none }
}

function podSpec(app: App): Record<string, unknown> {
  const probe = (path: string): unknown => ({ httpGet: { path, port: 'http', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  const value = (name: string, text: string): unknown => ({ name, value: text })
  const field = (name: string, fieldPath: string): unknown => ({ name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } })
  return {
    volumes: [{ name: 'config', configMap: { name: `${app.name}-config`, defaultMode: 420 } }, { name: 'kube-api-access-x7k2p', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }, { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }, { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } }], defaultMode: 420 } }],
    containers: [
      {
        name: 'app',
        image: `registry.example.com/${app.namespace}/${app.name}:1.4.2`,
        ports: [{ name: 'http', containerPort: PORT, protocol: 'TCP' }, { name: 'metrics', containerPort: 9090, protocol: 'TCP' }],
        env: [value('LOG_LEVEL', 'info'), value('DATABASE_HOST', `mysql.${app.namespace}.svc.cluster.local`), value('DATABASE_USER', app.name), { name: 'DATABASE_PASSWORD', valueFrom: { secretKeyRef: { name: `${app.name}-db`, key: 'password', optional: true } } }, field('POD_NAME', 'metadata.name'), field('POD_NAMESPACE', 'metadata.namespace'), value('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://otel-collector.observability.svc.cluster.local:4317')],
        resources: { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
        volumeMounts: [{ name: 'config', readOnly: true, mountPath: '/etc/app' }, { name: 'kube-api-access-x7k2p', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
        livenessProbe: probe('/livez'),
        readinessProbe: probe('/readyz'),
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    schedulerName: 'default-scheduler',
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }, { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  }
}

/** A Deployment; its template is shared by all that is made from it. */
export function deploymentOf(app: App, time: string): KubeObject {
  const replicas = app.fault === 'scaled-to-zero' ? 0 : app.pods
  const available = app.fault === 'crashloop' ? 0 : app.fault === 'some-unready' ? Math.max(0, replicas - 1) : replicas
  const conditions = [{ type: 'Available', status: available === replicas ? 'True' : 'False', reason: available === replicas ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable', lastTransitionTime: time, lastUpdateTime: time }]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app.name, namespace: app.namespace, generation: 1, labels: labelsOf(app), annotations: { 'deployment.kubernetes.io/revision': '1', 'meta.helm.sh/release-name': app.name, 'meta.helm.sh/release-namespace': app.namespace }, managedFields: podManagedFields(time) },
    spec: { replicas, selector: { matchLabels: selectorOf(app) }, template: { metadata: { labels: labelsOf(app) }, spec: podSpec(app) }, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } }, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: available, availableReplicas: available, conditions },
  }
}

/** The only ReplicaSet of a Deployment. */
export function replicaSetOf(app: App, uid: string, deployment: KubeObject): KubeObject {
  const { replicas, template } = deployment.spec as { replicas: number; template: unknown }
  const { status } = deployment as { status?: { readyReplicas?: number } }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `${app.name}-${hashOf(app)}`, namespace: app.namespace, generation: 1, labels: { ...labelsOf(app), 'pod-template-hash': hashOf(app) }, annotations: { 'deployment.kubernetes.io/revision': '1' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: app.name, uid, controller: true, blockOwnerDeletion: true }] },
    spec: { replicas, selector: { matchLabels: { ...selectorOf(app), 'pod-template-hash': hashOf(app) } }, template },
    status: { replicas, readyReplicas: status?.readyReplicas ?? 0, availableReplicas: status?.readyReplicas ?? 0, observedGeneration: 1 },
  }
}

export interface PodInput {
  readonly app: App
  readonly index: number
  readonly nodeCount: number
  readonly setUid: string
  readonly setName: string
  readonly time: string
  readonly template: KubeObject
}

/** One pod: Running and ready, or crashing or unready where its application is broken. */
export function podOf({ app, index, nodeCount, setUid, setName, time, template }: PodInput): KubeObject {
  const { spec: deploymentSpec, metadata } = template as KubeObject & { spec: { template: { spec: Record<string, unknown> } } }
  const serial = app.index * 131 + index
  const node = serial % nodeCount
  const ip = `10.${64 + (Math.floor(serial / 62_500) % 64)}.${Math.floor(serial / 250) % 250}.${(serial % 250) + 2}`
  const hostIP = `10.0.${Math.floor((node + 11) / 250)}.${((node + 11) % 250) || 1}`
  const crashes = app.fault === 'crashloop'
  const ready = !crashes && !(app.fault === 'some-unready' && index === 0)
  const state: ContainerState = crashes ? { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=app' } } : { running: { startedAt: time } }
  const terminated = { exitCode: 1, reason: 'Error', startedAt: time, finishedAt: time }
  const name = `${setName}-${suffix(serial)}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, generateName: `${setName}-`, namespace: app.namespace, labels: { ...labelsOf(app), 'pod-template-hash': hashOf(app) }, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: setName, uid: setUid, controller: true, blockOwnerDeletion: true }], managedFields: metadata.managedFields },
    spec: { ...deploymentSpec.template.spec, nodeName: `worker-${node + 1}` },
    status: {
      phase: 'Running',
      conditions: podConditions(ready, time),
      hostIP,
      hostIPs: [{ ip: hostIP }],
      podIP: ip,
      podIPs: [{ ip }],
      startTime: time,
      containerStatuses: [{ name: 'app', state, lastState: crashes ? { terminated } : {}, ready, restartCount: crashes ? 412 : 0, image: `registry.example.com/${app.namespace}/${app.name}:1.4.2`, imageID: `registry.example.com/${app.namespace}/${app.name}@sha256:${'ab12'.repeat(16)}`, containerID: `containerd://${serial.toString(16).padStart(64, '0')}`, started: !crashes }],
      qosClass: 'Burstable',
    },
  }
}

/** The conditions of a scheduled pod. */
export function podConditions(ready: boolean, time: string): Condition[] {
  const status = ready ? 'True' : 'False'
  const why = ready ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' }
  return [
    { type: 'PodReadyToStartContainers', status: 'True', lastProbeTime: null, lastTransitionTime: time },
    { type: 'Initialized', status: 'True', lastProbeTime: null, lastTransitionTime: time },
    { type: 'Ready', status, ...why, lastProbeTime: null, lastTransitionTime: time },
    { type: 'ContainersReady', status, ...why, lastProbeTime: null, lastTransitionTime: time },
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: time },
  ]
}

function suffix(serial: number): string {
  return (serial + 60_466_176).toString(36).slice(-5)
}

/** The Service of an application; a wrong selector or port where that is its fault. */
export function serviceOf(app: App): KubeObject {
  const clusterIP = `10.${96 + Math.floor(app.index / 60_000)}.${Math.floor((app.index + 500) / 250) % 250}.${((app.index + 500) % 250) + 1}`
  const selector = app.fault === 'selector-wrong' ? { ...selectorOf(app), 'app.kubernetes.io/name': `${app.name}-v2` } : selectorOf(app)
  const ports = [{ name: 'http', port: app.fault === 'port-missing' ? 8081 : 80, targetPort: 'http', protocol: 'TCP' }, { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' }]
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app.name, namespace: app.namespace, labels: labelsOf(app), annotations: { 'meta.helm.sh/release-name': app.name } },
    spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster', sessionAffinity: 'None', selector, ports },
    status: { loadBalancer: {} },
  }
}

/** The EndpointSlice of an application (pods are far fewer than 100 each). */
export function sliceOf(app: App, pods: readonly KubeObject[]): EndpointSlice {
  const selected = app.fault === 'selector-wrong' ? [] : pods
  const endpoints = selected.map((pod) => {
    const { podIP = '', conditions = [] } = pod.status as { podIP?: string; conditions?: Condition[] }
    const ready = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
    const { nodeName } = pod.spec as { nodeName: string }
    return { addresses: [podIP], conditions: { ready, serving: ready, terminating: false }, nodeName, targetRef: { kind: 'Pod', namespace: app.namespace, name: pod.metadata.name, uid: pod.metadata.uid ?? '' } }
  })
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${app.name}-${suffix(app.index)}`, generateName: `${app.name}-`, namespace: app.namespace, labels: { ...labelsOf(app), 'kubernetes.io/service-name': app.name, 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
    addressType: 'IPv4',
    endpoints,
    ports: endpoints.length > 0 ? [{ name: 'http', port: PORT, protocol: 'TCP' }, { name: 'metrics', port: 9090, protocol: 'TCP' }] : null,
  }
}

/** An Ingress with its paths. */
export function ingressOf(planned: PlannedIngress, _time: string): Ingress {
  const isLost = planned.paths.some(({ app }) => app.fault === 'class-missing')
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: planned.name, namespace: planned.namespace, generation: 1, labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' } },
    spec: {
      ingressClassName: isLost ? 'nginx-old' : 'nginx',
      rules: [{ host: planned.host, http: { paths: planned.paths.map(({ path, app }) => ({ path, pathType: 'Prefix', backend: { service: { name: app.name, port: { number: 80 } } } })) } }],
    },
    status: { loadBalancer: isLost ? {} : { ingress: [{ ip: '203.0.113.10' }] } },
  }
}
