import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A proxy that cuts connections at any byte, holds answers back, or refuses requests. */
export class BadProxy {
  /** After how many bytes of answers the next connection is cut. */
  cutAfter: () => number = () => Infinity;
  /** Holds the answers to requests that begin with such a line until the relay ends them. */
  holdsBack: (requestLine: string) => boolean = () => false;
  /** Closes the connections of requests that begin with such a line. */
  refuses: (requestLine: string) => boolean = () => false;
  cuts = 0;
  readonly requests: string[] = [];

  private readonly sockets = new Set<Socket>();
  private readonly frozen: Socket[] = [];

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<BadProxy> {
    const server = createServer();
    const proxy = new BadProxy(server);
    server.on('connection', (client) => proxy.connect(client, port));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections of now stay open, and carry nothing any more. */
  freeze(): void {
    this.frozen.push(...this.sockets);
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private connect(client: Socket, port: number): void {
    const relay = createConnection(port, '127.0.0.1');
    let left = this.cutAfter();
    let isHeld = false;
    const end = (): void => {
      client.destroy();
      relay.destroy();
    };
    for (const socket of [client, relay]) {
      this.sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (bytes) => {
      const line = /^(GET|POST) \S+/.exec(bytes.toString('latin1'))?.[0];
      if (line) {
        this.requests.push(line);
        isHeld = this.holdsBack(line);
        if (this.refuses(line)) {
          end();
          return;
        }
      }
      relay.write(bytes);
    });
    relay.on('data', (bytes) => {
      if (isHeld || this.frozen.includes(client)) {
        return;
      }
      if (bytes.length < left) {
        left -= bytes.length;
        if (!client.write(bytes)) {
          relay.pause();
          client.once('drain', () => relay.resume());
        }
        return;
      }
      this.cuts++;
      client.write(bytes.subarray(0, left), end);
    });
  }
}
