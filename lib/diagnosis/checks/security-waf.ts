import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerFacts, settingsOf } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceReach } from '@/lib/diagnosis/reach';
import { risk } from '@/lib/diagnosis/risk';
import type { Reader } from '@/lib/state/cells';
import { exposure } from '@/lib/topology/exposure';
import { config, known, members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';

/** A web application firewall or filtering proxy that declares itself somewhere around the Service. */
const OUTSIDE = /waf|shield|armor|cloudflare|akamai|imperva|cdn/i;

/**
 * `no-waf`, once for each ingress-nginx that is public: the one controller whose firewall is a setting that we read. Others
 * have it in objects or images that we do not: silent.
 */
export function noFirewall(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  const settings = facts && settingsOf(read, facts, 'configmap');
  // An Ingress that we do not see may switch it on for itself.
  if (!facts || !settings || !known(read, 'ingresses').known || config(read).knownAddresses.length > 0)
    return [];
  if (
    settings.data['enable-modsecurity'] === 'true' ||
    settings.data['enable-owasp-modsecurity-crs'] === 'true'
  )
    return [];
  const services = read
    .query(exposure, id)
    .services.flatMap((key) => object(read, 'services', key) ?? [])
    .filter((service) => serviceReach(read, service).reach === 'public');
  const marks = services.flatMap(({ annotations }) =>
    Object.entries(annotations).map(([key, value]) => `${key}=${value}`),
  );
  if (services.length === 0 || marks.some((mark) => OUTSIDE.test(mark))) return [];
  const guarded = members(read, 'ingresses-with-firewall', '');
  const mayServe = (key: string) => {
    const { controllers, maybe } = read.query(serving, key);
    return controllers.includes(id) || maybe.includes(id);
  };
  if (guarded.some(mayServe)) return [];
  const { name } = facts.workload;
  return [
    risk({
      code: 'no-waf',
      severity: 'info',
      hop: 'security',
      subject: facts.ref,
      title: `No web application firewall is visible before ${name}`,
      detail: `${name} is public, and neither its settings nor its Service nor its Ingresses show one; a firewall outside (a CDN, the cloud's own) cannot be seen from the cluster`,
      evidence: [
        evidence(settings.ref, 'data.enable-modsecurity', settings.data['enable-modsecurity'] ?? 'not set'),
      ],
      fix: {
        summary:
          'Put one before it (a CDN or the cloud’s own), or mark this as expected if there is one already. The ModSecurity module of ingress-nginx gets no more fixes.',
        look: [facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}
