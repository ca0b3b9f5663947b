/** Seeded random changes of a small cluster whose names collide often, so that every relation breaks and mends. */
import { container } from '@/lib/controllers/testing';
import type { Backend, Pod, Service, Workload } from '@/lib/kube/objects';
import type { Change, ObjectChange } from '@/lib/state/change';
import { Random } from './random';
import { CONTROLLER_ARGUMENTS, randomCoverage, randomDns, randomFact } from './random-facts';
import { randomSurroundings } from './random-policies';
import { randomTls } from './random-tls';

export class RandomCluster extends Random {
  #uid = 0;
  now = Date.parse('2026-01-01T12:00:00Z');

  /** One random change of any input; time moves on a little. */
  next(): Change {
    this.now += this.below(20_000);
    const makers: (() => Change)[] = [
      () => this.#object(this.#pod()),
      () => this.#object(this.#pod()),
      () => this.#object(this.#slice()),
      () => this.#object(this.#slice()),
      () => this.#object(this.#service()),
      () => this.#object(this.#ingress()),
      () => this.#object(this.#ingress()),
      () => this.#object(this.#workload()),
      () => this.#object(this.#controller()),
      () => this.#object(this.#class()),
      () => this.#object(randomTls(this, this.now)),
      () => this.#object(randomTls(this, this.now)),
      () => this.#object(this.#node()),
      () => this.#object(randomSurroundings(this)),
      () => randomDns(this),
      () => randomCoverage(this),
      () => randomFact(this, this.now),
    ];
    return this.pick(makers)();
  }

  #object(change: ObjectChange): Change {
    return {
      type: 'object',
      change: this.chance(0.25) ? ({ ...change, object: null } as ObjectChange) : change,
    };
  }

  #meta(namespace: string, name: string) {
    // A new uid now and then: delete-and-recreate seen as an update.
    if (this.chance(0.1)) this.#uid++;
    return {
      namespace,
      name,
      uid: `${name}-${this.#uid}`,
      created: this.pick([null, this.now, this.now - 600_000]),
      deleting: null,
      labels: {},
      annotations: {},
      owner: null,
    };
  }

  #namespace = () => this.pick(['a', 'b']);
  #app = () => this.pick(['web', 'api', 'old']);
  #host = () => this.pick(['', 'one.example.com', 'two.example.com', '*.example.com']);

  #pod(): ObjectChange {
    const namespace = this.#namespace();
    const app = this.#app();
    const name = `${app}-h1-${this.pick(['x', 'y', 'z'])}`;
    const ready = this.chance(0.6);
    const object: Pod = {
      ...this.#meta(namespace, name),
      labels: { app, 'pod-template-hash': 'h1' },
      owner: this.pick([null, { group: 'apps', kind: 'ReplicaSet', name: `${app}-h1` }]),
      deleting: this.chance(0.1) ? this.now : null,
      ips: ['10.0.0.1'],
      node: 'n1',
      hostNetwork: false,
      phase: this.pick(['Running', 'Running', 'Pending', 'Succeeded']),
      containers: [
        {
          name: 'c',
          image: 'app:1',
          ports: this.pick([[], [{ name: 'http', port: 8080, protocol: 'TCP', hostPort: null }]]),
          readiness: 'http',
        },
      ],
      states: [
        {
          name: 'c',
          ready,
          restarts: this.pick([0, 4]),
          waiting: this.pick([
            null,
            { reason: 'CrashLoopBackOff', message: '' },
            { reason: 'ImagePullBackOff', message: 'no such image' },
          ]),
          terminated: this.pick([null, { reason: 'Error', exitCode: 1, at: null, message: '' }]),
        },
      ],
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          reason: '',
          message: '',
          since: this.pick([null, this.now]),
        },
      ],
      readinessGates: [],
    };
    return { kind: 'pods', key: `${namespace}/${name}`, object };
  }

  #slice(): ObjectChange {
    const namespace = this.#namespace();
    const app = this.#app();
    const name = `${app}-${this.pick(['s1', 's2'])}`;
    const endpoints = ['x', 'y', 'z']
      .filter(() => this.chance(0.6))
      .map((suffix) => ({
        address: `10.0.0.${suffix}`,
        ready: this.chance(0.6),
        serving: true,
        terminating: this.chance(0.1),
        pod: this.chance(0.9) ? `${app}-h1-${suffix}` : null,
        node: 'n1',
      }));
    const ports = this.pick([
      [{ name: '', port: 8080, protocol: 'TCP' }],
      [{ name: 'http', port: 8080, protocol: 'TCP' }],
      [],
    ]);
    return {
      kind: 'endpointslices',
      key: `${namespace}/${name}`,
      object: {
        ...this.#meta(namespace, name),
        service: app,
        addressType: 'IPv4',
        ports,
        endpoints,
        managedBy: 'endpointslice-controller.k8s.io',
      },
    };
  }

  #service(): ObjectChange {
    const namespace = this.#namespace();
    const controller = this.chance(0.2);
    const name = controller ? 'ingress' : this.#app();
    const type = this.pick(['ClusterIP', 'ClusterIP', 'LoadBalancer', 'NodePort', 'ExternalName']);
    const object: Service = {
      ...this.#meta(namespace, name),
      annotations: this.chance(0.2) ? { 'external-dns.alpha.kubernetes.io/hostname': 'two.example.com' } : {},
      type,
      clusterIP: '10.96.0.1',
      selector: controller ? { app: 'ingress' } : this.pick([null, { app: name }, { app: 'typo' }]),
      ports: this.pick([[80], [80, 443]]).map((port) => ({
        name: port === 80 ? this.pick(['', 'http']) : 'https',
        port,
        targetPort: this.pick([8080, 'http']),
        nodePort: null,
        protocol: 'TCP',
        appProtocol: '',
      })),
      externalName:
        type === 'ExternalName' ? this.pick(['api.b.svc.cluster.local', 'elsewhere.example.net']) : '',
      externalIPs: [],
      addresses:
        type === 'LoadBalancer'
          ? this.pick([
              [],
              [{ ip: '203.0.113.1', hostname: '' }],
              [{ ip: '203.0.113.2', hostname: '' }],
              [{ ip: '', hostname: 'lb.example.net' }],
            ])
          : [],
      loadBalancerClass: '',
      publishNotReadyAddresses: this.chance(0.1),
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      allocatesNodePorts: true,
      sourceRanges: [],
      ipFamilies: [],
      edited: null,
    };
    return { kind: 'services', key: `${namespace}/${name}`, object };
  }

  #backend = (): Backend | null =>
    this.pick<() => Backend | null>([
      () => ({ type: 'service', name: this.#app(), port: this.pick([80, 8080, 'http', null]) }),
      () => ({ type: 'service', name: this.#app(), port: 80 }),
      () => ({ type: 'service', name: 'webb', port: 80 }),
      () => null,
    ])();

  #ingress(): ObjectChange {
    const namespace = this.#namespace();
    const name = this.pick(['i1', 'i2']);
    const rules = [0, 1]
      .filter(() => this.chance(0.8))
      .map(() => ({
        host: this.#host(),
        paths: this.pick([[], ['/'], ['/', '/api']]).map((path) => ({
          path,
          pathType: this.pick(['Prefix', 'Exact']),
          backend: this.#backend(),
        })),
      }));
    const object = {
      ...this.#meta(namespace, name),
      annotations: this.pick([
        {},
        {},
        { 'kubernetes.io/ingress.class': 'nginx' },
        { 'kubernetes.io/ingress.class': 'gce' },
        { 'cert-manager.io/cluster-issuer': 'le', 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' },
      ]) as Record<string, string>,
      className: this.pick([null, 'nginx', 'nginx', 'ngnix', 'alb']),
      defaultBackend: this.chance(0.2) ? this.#backend() : null,
      rules,
      tls: this.chance(0.4)
        ? [
            {
              hosts: this.pick([[], ['one.example.com'], ['*.example.com']]),
              secretName: this.pick(['', 'tls', 'other']),
            },
          ]
        : [],
      addresses: this.pick([[], [{ ip: '203.0.113.1', hostname: '' }]]),
      edited: null,
    };
    return { kind: 'ingresses', key: `${namespace}/${name}`, object };
  }

  #workload(): ObjectChange {
    const namespace = this.#namespace();
    const app = this.#app();
    return {
      kind: 'deployments',
      key: `${namespace}/${app}`,
      object: this.#deployment(namespace, app, 'app:1', this.pick([0, 3])),
    };
  }

  #controller(): ObjectChange {
    const namespace = this.#namespace();
    const image = this.pick([
      'registry.k8s.io/ingress-nginx/controller:v1.15.1',
      'quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.21.0',
      'traefik:v3.7',
    ]);
    return {
      kind: 'deployments',
      key: `${namespace}/ingress`,
      object: this.#deployment(namespace, 'ingress', image, this.pick([0, 1, 2])),
    };
  }

  #deployment(namespace: string, name: string, image: string, replicas: number): Workload {
    return {
      ...this.#meta(namespace, name),
      kind: 'Deployment',
      generation: 2,
      observedGeneration: this.pick([1, 2]),
      replicas,
      readyReplicas: Math.min(replicas, this.pick([0, 1, 3])),
      updatedReplicas: replicas,
      selector: { matchLabels: { app: name }, matchExpressions: [] },
      templateLabels: { app: name },
      hostNetwork: this.chance(0.1),
      serviceAccount: '',
      containers: [container(image, this.pick(CONTROLLER_ARGUMENTS))],
      spreads: false,
      configMaps: [],
      edited: null,
      conditions: [],
    };
  }

  #class(): ObjectChange {
    const name = this.pick(['nginx', 'nginx', 'alb', 'spare']);
    const controller =
      name === 'alb' ? 'ingress.k8s.aws/alb' : this.pick(['k8s.io/ingress-nginx', 'example.com/unknown']);
    return {
      kind: 'ingressclasses',
      key: `/${name}`,
      object: { ...this.#meta('', name), controller, isDefault: false, parameters: null },
    };
  }

  #node(): ObjectChange {
    return {
      kind: 'nodes',
      key: '/n1',
      object: {
        ...this.#meta('', 'n1'),
        ready: true,
        unschedulable: false,
        addresses: [{ type: 'InternalIP', address: this.pick(['192.0.2.1', '192.0.2.2']) }],
      },
    };
  }
}
