import { createConnection, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { RelayClient, RelayError, type MessagesOptions, type SocketConstructor } from '../src/index.js';
import { defaultRuntime, type Runtime } from '../src/runtime.js';
import { idOf } from './session.js';
import { newSeed, seeded } from './seeded.js';

/**
 * Many apps behind a bad load balancer: it takes several nodes in turn, notices that one is down by a client's connection that
 * fails, and cuts others. The first line on the standard input is an {@link Order}. Then `served <count>` is answered with a line when
 * each app has received that many messages, which also says how many connections have been cut, and `end` with a line for each app, {@link Result}.
 */
interface Order {
  /** Ports of the nodes of delivery-service on 127.0.0.1. */
  nodes: number[];
  /** URL of the issuer's token endpoint. */
  tokens: string;
  /** How long a token is valid. */
  lifetimeSeconds: number;
  devices: { deviceId: string; userId: string }[];
}

interface Result {
  deviceId: string;
  transport: string;
  /** Ids in the data of the messages, in the order in which the app got them. */
  received: string[];
  /** HTTP requests and WebSockets. */
  requests: number;
  tokens: number;
  failure?: string;
}

const TRANSPORTS = ['auto', 'websocket', 'sse', 'longpoll'] as const;
/** How long the load balancer leaves out a node that has refused a connection. */
const LEFT_OUT_MILLIS = 2_000;
/** Of the connections through the load balancer, those that do not live long. */
const CUT = 0.5;
/** They are cut after at most so many bytes of answers, most of them early. */
const CUT_BYTES = 10_000;

const seed = newSeed();
const random = seeded(seed);
let cuts = 0;

/** Forwards each connection to the next node, and cuts some of them. */
async function balance(nodes: number[]): Promise<number> {
  let turn = 0;
  const leftOutUntil = new Map<number, number>();
  const next = (): number => {
    const usable = nodes.filter((port) => (leftOutUntil.get(port) ?? 0) < Date.now());
    const from = usable.length > 0 ? usable : nodes;
    return from[turn++ % from.length] as number;
  };
  const server = createServer((client) => {
    const port = next();
    const node = createConnection(port, '127.0.0.1');
    node.on('error', (error) => {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
        leftOutUntil.set(port, Date.now() + LEFT_OUT_MILLIS);
      }
    });
    let left = random() < CUT ? random() ** 2 * CUT_BYTES : Infinity;
    const end = (): void => {
      client.destroy();
      node.destroy();
    };
    const forward = (from: Socket, to: Socket, use: (bytes: number) => void): void => {
      from.on('error', end).on('close', end);
      from.on('data', (bytes) => {
        use(bytes.length);
        if (left < 0) {
          cuts += client.destroyed ? 0 : 1;
          end();
        } else if (!to.write(bytes)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
    };
    forward(client, node, () => {});
    forward(node, client, (bytes) => (left -= bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return (server.address() as AddressInfo).port;
}

class App {
  readonly received: string[] = [];
  private requests = 0;
  private tokens = 0;
  private failure: string | undefined;
  private readonly aborting = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly order: Order,
    private readonly device: Order['devices'][number],
    private readonly transport: NonNullable<MessagesOptions['transport']>,
    port: number,
  ) {
    const client = new RelayClient({
      baseUrl: `http://127.0.0.1:${port}`,
      deviceId: device.deviceId,
      token: () => this.token(),
      runtime: this.counted(),
    });
    this.loop = this.run(client).catch((error) => {
      this.failure = error instanceof RelayError ? `${error.code}: ${error.message}` : String(error);
    });
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  async end(): Promise<Result> {
    this.aborting.abort();
    await this.loop;
    const { received, requests, tokens, failure } = this;
    const result = { deviceId: this.device.deviceId, transport: this.transport, received, requests, tokens };
    return failure === undefined ? result : { ...result, failure };
  }

  private async run(client: RelayClient): Promise<void> {
    const onGap = async (): Promise<'stop'> => 'stop';
    const options = { transport: this.transport, after: 'earliest', signal: this.aborting.signal, onGap };
    for await (const message of client.messages(options)) {
      this.received.push(idOf(message));
      void message.ack();
    }
  }

  private counted(): Runtime {
    const real = defaultRuntime();
    const count = (): number => ++this.requests;
    class CountedSocket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        count();
      }
    }
    return {
      ...real,
      WebSocket: CountedSocket as unknown as SocketConstructor,
      fetch: (url, init) => {
        count();
        return real.fetch(url, init);
      },
    };
  }

  private async token(): Promise<string> {
    this.tokens++;
    const form = new URLSearchParams({ subject: this.device.userId, lifetime: `${this.order.lifetimeSeconds}` });
    const response = await fetch(this.order.tokens, { method: 'POST', body: form });
    return ((await response.json()) as { access_token: string }).access_token;
  }
}

let apps: App[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const [command, count] = line.split(' ');
  if (command === 'served') {
    while (!apps.every((app) => app.hasFailed || app.received.length >= Number(count))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    console.log(JSON.stringify({ served: Number(count), cuts }));
  } else if (command === 'end') {
    for (const result of await Promise.all(apps.map((app) => app.end()))) {
      console.log(JSON.stringify(result));
    }
    process.exit(0);
  } else {
    const order = JSON.parse(line) as Order;
    const port = await balance(order.nodes);
    apps = order.devices.map(
      (device, index) => new App(order, device, TRANSPORTS[index % TRANSPORTS.length] as (typeof TRANSPORTS)[number], port),
    );
    console.log(JSON.stringify({ started: apps.length, seed }));
  }
}
