/** Every code that a finding may carry: where on the way it stands, how bad it gets, what it means. */
import { BEST_PRACTICE_CODES } from './codes/best-practice';
import { CLASS_CODES } from './codes/class';
import type { CodeTable } from './codes/code';
import { CONTROLLER_CODES } from './codes/controller';
import { DNS_CODES } from './codes/dns';
import { ENDPOINTS_CODES } from './codes/endpoints';
import { LOADBALANCER_CODES } from './codes/loadbalancer';
import { MANIFEST_CODES } from './codes/manifests';
import { NETWORKPOLICY_CODES } from './codes/networkpolicy';
import { POD_CODES } from './codes/pod';
import { RBAC_CODES } from './codes/rbac';
import { RULE_CODES } from './codes/rule';
import { SECURITY_CODES } from './codes/security';
import { SERVICE_CODES } from './codes/service';
import { TLS_CODES } from './codes/tls';

/** In the order of the hops. */
export const CODES: CodeTable = {
  ...DNS_CODES,
  ...LOADBALANCER_CODES,
  ...CONTROLLER_CODES,
  ...CLASS_CODES,
  ...RULE_CODES,
  ...TLS_CODES,
  ...SERVICE_CODES,
  ...ENDPOINTS_CODES,
  ...POD_CODES,
  ...NETWORKPOLICY_CODES,
  ...RBAC_CODES,
  ...SECURITY_CODES,
  ...BEST_PRACTICE_CODES,
  ...MANIFEST_CODES,
};
