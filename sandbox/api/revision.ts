// One immutable state of an object, with its JSON made at most once.
import type { KubeObject } from './types';

/** One state of one object. Its bytes are made when first asked for and kept: lists and watches only join them. */
export class Revision {
  readonly object: KubeObject;
  /** The storage's counter when this state was written; the object's own text may differ in a served dump. */
  readonly version: number;
  #bytes: Buffer | undefined;

  constructor(object: KubeObject, version: number) {
    this.object = object;
    this.version = version;
  }

  /** The object as UTF-8 JSON, apiVersion and kind first. */
  get bytes(): Buffer {
    if (this.#bytes === undefined) {
      const { apiVersion, kind, ...rest } = this.object;
      this.#bytes = Buffer.from(JSON.stringify({ apiVersion, kind, ...rest }));
    }
    return this.#bytes;
  }

  /** The bytes after `{"apiVersion":…,"kind":…`: built-in kinds are listed without those two, as in a real cluster. */
  get tail(): Buffer {
    const { apiVersion, kind } = this.object;
    const head = Buffer.byteLength(JSON.stringify({ apiVersion, kind }));
    return this.bytes.subarray(head - 1);
  }
}
