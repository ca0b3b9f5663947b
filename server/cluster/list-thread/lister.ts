import 'server-only';
import type { Pod } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { projectPod } from '@/lib/kube/project/pod';
import { packPods } from '@/lib/kube/project/pod-rows';
import { record } from '@/lib/kube/project/raw';
import { Agents, type Way } from '@/server/cluster/agents';
import { systemClock } from '@/server/cluster/clock';
import { KubeClient } from '@/server/cluster/kube-client';
import { type ListTurns, listAll } from '@/server/cluster/list-all';
import { itemParser } from '@/server/cluster/list-text';
import type { FromListThread, ToListThread } from './messages';
import { fromPlain, plainError } from './plain-error';

/** Told together: a message costs as much as some pods. */
const TOGETHER = 128;
const PROGRESS_EVERY_MS = 1_000;
/** Messages that may be under way: more wait until some have been taken. */
const MOST_UNDER_WAY = 24;

type ListMessage = Extract<ToListThread, { readonly request: unknown }>;

/** The thread's side: lists what it is told to, and hands objects on as they come. */
export class Lister {
  readonly #tell: (message: FromListThread) => void;
  readonly #running = new Map<number, Running>();
  readonly #asked = new Map<number, PromiseWithResolvers<Way>>();
  readonly #agents = new Agents();
  #questions = 0;

  constructor(tell: (message: FromListThread) => void) {
    this.#tell = tell;
  }

  told(message: ToListThread): void {
    if ('request' in message) void this.#list(message);
    else if ('taken' in message) this.#running.get(message.list)?.taken();
    else if ('cancel' in message) this.#running.get(message.list)?.stop.abort();
    else {
      const question = this.#asked.get(message.asked);
      this.#asked.delete(message.asked);
      if ('way' in message) question?.resolve(message.way);
      else question?.reject(fromPlain(message.error));
    }
  }

  async #list({ list, kind, request }: ListMessage): Promise<void> {
    const running = new Running(list, this.#tell);
    this.#running.set(list, running);
    try {
      const end = await listAll({
        ...request,
        client: new KubeClient(this.#access, systemClock),
        turns: running,
        parse: itemParser(kind),
        signal: running.stop.signal,
        onItem: (raw) => running.put(raw),
        onProgress: () => running.progress(),
      });
      running.flush();
      this.#tell({ list, end });
    } catch (error) {
      this.#tell({ list, error: plainError(error) });
    } finally {
      this.#running.delete(list);
    }
  }

  /** Tokens and certificates are the other thread's to know: each request asks for them. */
  readonly #access = {
    context: '',
    server: '',
    way: () => this.#ask(),
    credentials: async () => this.#agents.credentials(await this.#ask()),
    refresh: () => undefined,
    renew: () => this.#agents.renew(),
  };

  #ask(): Promise<Way> {
    const ask = ++this.#questions;
    const question = Promise.withResolvers<Way>();
    this.#asked.set(ask, question);
    this.#tell({ ask });
    return question.promise;
  }
}

/** A list under way. Its turns let the other thread keep up. */
class Running implements ListTurns {
  readonly stop = new AbortController();
  readonly #list: number;
  readonly #tell: (message: FromListThread) => void;
  readonly #interner = Interner.ofList();
  #pods: Pod[] = [];
  #failed = 0;
  #underWay = 0;
  #toldAt = performance.now();
  #waiting: (() => void) | null = null;

  constructor(list: number, tell: (message: FromListThread) => void) {
    this.#list = list;
    this.#tell = tell;
    this.stop.signal.addEventListener('abort', () => this.#waiting?.());
  }

  put(raw: unknown): void {
    try {
      const pod = projectPod(record(raw), this.#interner);
      if (pod) this.#pods.push(pod);
    } catch {
      // A projection never throws; should one do so all the same, one odd object must not stop the others.
      this.#failed += 1;
    }
    if (this.#pods.length >= TOGETHER) this.flush();
  }

  flush(): void {
    this.#tell({ list: this.#list, objects: packPods(this.#pods), failed: this.#failed });
    this.#pods = [];
    this.#failed = 0;
    this.#underWay += 1;
  }

  /** Told now and then: a list may be slow, but it goes on. */
  progress(): void {
    const now = performance.now();
    if (now - this.#toldAt < PROGRESS_EVERY_MS) return;
    this.#toldAt = now;
    this.#tell({ list: this.#list, progress: true });
  }

  taken(): void {
    this.#underWay -= 1;
    this.#waiting?.();
  }

  get spent(): boolean {
    return this.#underWay >= MOST_UNDER_WAY;
  }

  next(): Promise<void> {
    // Of a list that was given up nobody takes anything any more.
    if (this.stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
