/* Pod, node and load balancer addresses: handed out in order, so that a scenario looks the same each time. */

/** A tiny IPAM: a /24 for the pods of each node, 203.0.113.0/24 (TEST-NET-3) for load balancers. */
export class AddressPool {
  private readonly pods = new Map<string, string>();
  private readonly balancers = new Map<string, string>();
  private readonly next = new Map<number, number>();

  /** The address of a pod: stable by uid, unique among living pods of any node. */
  podAddress(uid: string, nodeIndex: number, used: (address: string) => boolean): string {
    const known = this.pods.get(uid);
    if (known) return known;
    for (let attempt = 0; attempt < 65_000; attempt++) {
      const count = (this.next.get(nodeIndex) ?? 1) + 1;
      this.next.set(nodeIndex, count);
      // 10.244.0.0/16, split by node, wrapping into further /24 blocks when one is full.
      const block = (nodeIndex + 3 * Math.floor(count / 254)) % 256;
      const address = `10.244.${block}.${(count % 254) + 1}`;
      if (used(address)) continue;
      this.pods.set(uid, address);
      return address;
    }
    throw new Error('sandbox: no pod address left');
  }

  releasePod(uid: string): void {
    this.pods.delete(uid);
  }

  /** The address of a load balancer: given back to the same Service if it asks again. */
  balancerAddress(key: string, used: ReadonlySet<string>): string | undefined {
    const known = this.balancers.get(key);
    if (known && !used.has(known)) return known;
    const taken = new Set([...used, ...this.balancers.values()]);
    for (let last = 10; last < 255; last++) {
      const address = `203.0.113.${last}`;
      if (taken.has(address)) continue;
      this.balancers.set(key, address);
      return address;
    }
    return undefined;
  }
}
