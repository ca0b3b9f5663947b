/* A DNS server on loopback, UDP and TCP on one random free port. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import type { DnsAnswer } from './resolve';

export type AnswerFunction = (question: { name: string; type: string }) => DnsAnswer;

export interface DnsServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const RCODES: Readonly<Record<string, number>> = {
  NOERROR: 0,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  REFUSED: 5,
  NOTIMP: 4,
};
const HOST = '127.0.0.1';
const MAX_UDP = 512;

/** Starts one server; `answer` is asked for every question. */
export async function startDnsServer(answer: AnswerFunction): Promise<DnsServer> {
  for (let attempt = 0; ; attempt++) {
    const udp = await bindUdp(answer);
    const { port } = udp.address();
    try {
      const tcp = await listenTcp(port, answer);
      return { address: `${HOST}:${port}`, port, close: () => closeBoth(udp, tcp) };
    } catch (error) {
      // Somebody has the TCP port of that number: another number, then.
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      if (attempt >= 20) throw error;
    }
  }
}

function bindUdp(answer: AnswerFunction): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.on('message', (message, peer) => {
      const reply = respond(message, answer, true);
      if (reply) socket.send(reply, peer.port, peer.address);
    });
    socket.bind(0, HOST, () => {
      socket.off('error', reject);
      // A client that closed its socket makes ICMP errors here; they are nobody's fault.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function listenTcp(port: number, answer: AnswerFunction): Promise<TcpServer> {
  return new Promise((resolve, reject) => {
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      serveTcp(socket, answer);
      socket.on('close', () => connections.delete(socket));
    });
    server.once('error', reject);
    server.listen(port, HOST, () => resolve({ server, connections }));
  });
}

interface TcpServer {
  readonly server: Server;
  readonly connections: Set<Socket>;
}

function serveTcp(socket: Socket, answer: AnswerFunction): void {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const length = received.readUInt16BE(0);
      const reply = respond(received.subarray(2, 2 + length), answer, false);
      received = received.subarray(2 + length);
      if (!reply) continue;
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([prefix, reply]));
    }
  });
}

/** The reply's bytes; undefined where a server stays silent (nonsense, or a timeout on demand). */
function respond(message: Buffer, answer: AnswerFunction, isUdp: boolean): Buffer | undefined {
  const query = decode(message);
  const question = query?.questions?.[0];
  if (query?.type !== 'query' || !question) return undefined;
  const result = answer({ name: question.name, type: question.type });
  if (result.outcome === 'TIMEOUT') return undefined;
  const edns = query.additionals?.find((record): record is packet.OptAnswer => record.type === 'OPT');
  const flags =
    packet.AUTHORITATIVE_ANSWER |
    packet.RECURSION_AVAILABLE |
    ((query.flags ?? 0) & packet.RECURSION_DESIRED) |
    (RCODES[result.outcome] ?? 2);
  const reply: packet.Packet = {
    type: 'response',
    id: query.id ?? 0,
    flags,
    questions: [question],
    answers: result.records.map((record) => ({ ...record, class: 'IN' }) as packet.Answer),
    authorities:
      result.records.length === 0 && (result.outcome === 'NXDOMAIN' || result.outcome === 'NOERROR')
        ? [startOfAuthority(question.name)]
        : [],
  };
  const bytes = packet.encode(reply);
  const limit = edns ? Math.max(MAX_UDP, edns.udpPayloadSize) : MAX_UDP;
  return isUdp && bytes.length > limit
    ? packet.encode({ ...reply, flags: flags | packet.TRUNCATED_RESPONSE, answers: [], authorities: [] })
    : bytes;
}

function decode(message: Buffer): packet.DecodedPacket | undefined {
  try {
    return packet.decode(message);
  } catch {
    // Not a DNS message: a server drops it.
    return undefined;
  }
}

function startOfAuthority(name: string): packet.Answer {
  const zone = name.split('.').slice(-2).join('.');
  const data = {
    mname: 'ns1.sandbox.invalid',
    rname: 'hostmaster.sandbox.invalid',
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: 5,
  };
  return { name: zone || '.', type: 'SOA', class: 'IN', ttl: 5, data };
}

async function closeBoth(udp: UdpSocket, tcp: TcpServer): Promise<void> {
  for (const socket of tcp.connections) socket.destroy();
  await Promise.all([
    new Promise<void>((resolve) => udp.close(() => resolve())),
    new Promise<void>((resolve) => tcp.server.close(() => resolve())),
  ]);
}
