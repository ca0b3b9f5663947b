import 'server-only';
import type { Pod } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { projectPod } from '@/lib/kube/project/pod';
import { packPods } from '@/lib/kube/project/pod-rows';
import { record } from '@/lib/kube/project/raw';
import { ListParser } from '@/server/cluster/list-parser';
import { itemParser } from '@/server/cluster/list-text';
import type { FromListThread, ThreadKind } from './messages';

/** Told together: a message costs as much as some pods. */
const TOGETHER = 512 * 1024;
const BEGINNING = Buffer.from('{"items":[');

/** The items of one answer, in the thread: bytes in, projected objects out. */
export class PageReader {
  readonly #parser: ListParser;
  readonly #interner = new Interner();
  readonly #tell: (what: FromListThread['what']) => void;
  #pods: Pod[] = [];
  #failed = 0;
  #read = 0;

  constructor(kind: ThreadKind, tell: (what: FromListThread['what']) => void) {
    this.#tell = tell;
    this.#parser = new ListParser(itemParser(kind));
    this.#take(BEGINNING);
  }

  /** False: the answer is no list, and that has been told. */
  push(bytes: Uint8Array): boolean {
    this.#read += bytes.length;
    return this.#told(() => {
      this.#take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      if (this.#read >= TOGETHER) this.#flush();
    });
  }

  /** All bytes are there. */
  end(): void {
    this.#told(() => {
      const tail = this.#parser.tail();
      this.#flush();
      this.#tell({ tail: tail.slice(BEGINNING.length) });
    });
  }

  #take(bytes: Buffer): void {
    for (const raw of this.#parser.push(bytes)) {
      try {
        const pod = projectPod(record(raw), this.#interner);
        if (pod) this.#pods.push(pod);
      } catch {
        // A projection never throws; should one do so all the same, one odd object must not stop the others.
        this.#failed += 1;
      }
    }
  }

  #flush(): void {
    this.#tell({ objects: packPods(this.#pods), failed: this.#failed, read: this.#read });
    this.#pods = [];
    this.#failed = 0;
    this.#read = 0;
  }

  #told(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#tell({ error: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }
}
