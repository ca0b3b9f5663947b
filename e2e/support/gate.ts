/* The network between the dashboard and the cluster, which can be cut. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Gate {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #server: Server | null = null;

  /** @param target port on this machine that it leads to. */
  constructor(target: number) {
    this.#target = target;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Lets through, always at the same port. */
  async open(): Promise<void> {
    const server = createServer((socket) => this.#lead(socket));
    await new Promise<void>((done, failed) => {
      server.once('error', failed).listen(this.#port, '127.0.0.1', done);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Cuts every line and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    const closed = new Promise((done) => server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #lead(socket: Socket): void {
    const onward = connect(this.#target, '127.0.0.1');
    for (const end of [socket, onward]) {
      this.#sockets.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.#sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  }
}
