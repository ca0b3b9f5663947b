import 'server-only';
import { createSocket, type Socket } from 'node:dgram';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Answer, decode, encode, type Packet, streamDecode, streamEncode } from 'dns-packet';

/** What the server says to one question; `drop` says nothing, `truncate` sends the client to TCP. */
export type Reply = {
  readonly rcode?: number;
  readonly answers?: Answer[];
  readonly drop?: boolean;
  readonly truncate?: boolean;
};
export type Responder = (name: string, type: string, transport: 'udp' | 'tcp') => Reply;

const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;

/** A DNS server on loopback that answers over UDP and TCP as it is told. */
export class TestDns {
  readonly asked: string[] = [];
  respond: Responder;
  #udp: Socket = createSocket('udp4');
  #tcp: Server;
  #port = 0;

  constructor(respond: Responder) {
    this.respond = respond;
    this.#udp.on('message', (message, peer) => {
      const reply = this.#reply(decode(message), 'udp');
      if (reply !== null) this.#udp.send(encode(reply), peer.port, peer.address);
    });
    this.#tcp = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const reply = this.#reply(streamDecode(data), 'tcp');
        if (reply !== null) socket.write(streamEncode(reply));
      });
    });
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** A port that is free for both transports, which may take a few tries. */
  async start(): Promise<this> {
    for (let tries = 0; tries < 20; tries += 1) {
      await new Promise<void>((resolve) => this.#tcp.listen(0, '127.0.0.1', resolve));
      this.#port = (this.#tcp.address() as AddressInfo).port;
      if (await this.#bind()) return this;
      await new Promise((resolve) => this.#tcp.close(resolve));
    }
    throw new Error('no port is free for both UDP and TCP');
  }

  #bind(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#udp.once('error', () => resolve(false));
      this.#udp.bind(this.#port, '127.0.0.1', () => resolve(true));
    });
  }

  stop(): void {
    this.#udp.close();
    this.#tcp.close();
  }

  #reply(query: Packet, transport: 'udp' | 'tcp'): Packet | null {
    const question = query.questions?.[0];
    if (question === undefined) return null;
    this.asked.push(`${question.type} ${question.name} ${transport}`);
    const {
      rcode = 0,
      answers = [],
      drop = false,
      truncate = false,
    } = this.respond(question.name.toLowerCase(), question.type, transport);
    if (drop) return null;
    return {
      type: 'response',
      id: query.id ?? 0,
      flags: AUTHORITATIVE | (truncate ? TRUNCATED : 0) | rcode,
      questions: [question],
      answers: truncate ? [] : answers,
    };
  }
}

export const a = (name: string, data: string, ttl = 60): Answer => ({ type: 'A', name, data, ttl });
export const aaaa = (name: string, data: string, ttl = 60): Answer => ({ type: 'AAAA', name, data, ttl });
export const cname = (name: string, data: string, ttl = 60): Answer => ({ type: 'CNAME', name, data, ttl });

/** Answers from a zone as an authoritative server: CNAME alone, or followed within the zone when `follow`. */
export function zone(records: readonly Answer[], follow = true): Responder {
  const names = new Set(records.map(({ name }) => name));
  return (name, type) => {
    const answers: Answer[] = [];
    for (let at = name, i = 0; i < 12; i += 1) {
      const found = records.filter((record) => record.name === at && record.type === type);
      const alias = records.find((record) => record.name === at && record.type === 'CNAME');
      answers.push(...found);
      if (found.length > 0 || alias === undefined || !('data' in alias)) break;
      answers.push(alias);
      if (!follow) break;
      at = String(alias.data);
    }
    return { answers, rcode: answers.length > 0 || names.has(name) ? 0 : 3 };
  };
}
