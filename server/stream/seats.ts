import 'server-only';

/** Room for the clients of all streams of the process: one cluster's many must not take more than there is. */
export class Seats {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Clients of all clusters. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes one; false: there is none left. */
  take(): boolean {
    if (this.#taken >= this.#most) return false;
    this.#taken += 1;
    return true;
  }

  leave(): void {
    this.#taken -= 1;
  }
}
