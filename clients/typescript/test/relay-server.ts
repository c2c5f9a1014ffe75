import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Calls } from './relay-calls.js';
import { DeviceLog, Refusal } from './relay-log.js';

const PROTOCOL = 'ncw.relay.v1+json';
const PATH = /^\/base\/v1\/devices\/d-1\/([^?]+)/;

/** A connection or poll that is open, and how a newer one of its consumer ends it. */
interface Reader {
  consumer: string;
  wake(): void;
  supersede(): void;
}

/**
 * delivery-service's protocol for one device, `d-1`, as delivery-service/openapi.yaml and asyncapi.yaml describe it: strict
 * about what it gets, so that a client which passes here sends nothing that the real service would reject.
 */
export class RelayServer {
  readonly log = new DeviceLog();
  readonly calls = new Calls();
  /** Tokens that are accepted; a client's first one is `token-1`. */
  readonly tokens = new Set(['token-1']);
  /** The token of a user whose device this is not. */
  readonly foreignToken = 'foreign-token';
  /** Answers for the next requests whose path matches, in order. */
  readonly refusals: { path: RegExp; refusal: Refusal }[] = [];
  /** Every request, as method and path below the device. */
  readonly requests: string[] = [];
  /** Protocol errors of the client. */
  readonly violations: string[] = [];
  window = 256;
  heartbeatMillis = 15_000;
  /** How many messages were written to each kind of connection. */
  sent = 0;

  private readonly readers = new Set<Reader>();
  private readonly tickets = new Set<string>();
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly open = new Set<ServerResponse | WebSocket>();
  private readonly streams = new Set<(event: string) => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RelayServer> {
    const server = createServer();
    const relay = new RelayServer(server);
    server.on('request', (request, response) => void relay.handle(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => relay.upgrade(request, socket, head));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/base`;
  }

  /** Polls, streams and WebSockets that wait or may wait for messages. */
  get readerCount(): number {
    return this.readers.size;
  }

  /** Requests and WebSockets that have not ended. */
  get openConnections(): number {
    return this.open.size;
  }

  /** Adds messages with these ids. */
  publish(ids: string[], data: (id: string) => unknown = (id) => ({ id }), type = 'transaction.status.updated'): void {
    ids.forEach((id) => this.log.append(id, type, data(id)));
    this.readers.forEach((reader) => reader.wake());
  }

  /** Ends all connections as a node does that stops. */
  farewell(): void {
    this.streams.forEach((send) => send('reconnect'));
    this.sockets.clients.forEach((socket) => socket.close(1012));
  }

  /** Closes all WebSockets with this code. */
  closeSockets(code: number): void {
    this.sockets.clients.forEach((socket) => socket.close(code));
  }

  async close(): Promise<void> {
    this.sockets.clients.forEach((socket) => socket.terminate());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.track(response);
    try {
      const url = new URL(request.url ?? '', 'http://relay');
      const path = PATH.exec(url.pathname)?.[1] ?? '';
      this.requests.push(`${request.method} ${path}`);
      const body = await readBody(request);
      this.refuse(path);
      this.authorize(request);
      await this.route(`${request.method} ${path.split('/')[0]}`, path, url.searchParams, body, request, response);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        this.violations.push(String(error));
      }
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal-error');
      if (refusal.status === 400) {
        this.violations.push(refusal.message);
      }
      this.answerRefusal(response, refusal);
    }
  }

  private async route(
    operation: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    switch (operation) {
      case 'POST messages:poll':
        members(body, ['consumer', 'ack', 'after', 'wait', 'limit', 'maxBytes', 'types']);
        this.log.acknowledge(String(body['consumer'] ?? ''), body['ack']);
        this.poll(response, { ...body, isClaim: true });
        return;
      case 'GET messages':
        this.poll(response, {
          consumer: query.get('consumer') ?? undefined,
          after: query.get('after') ?? undefined,
          wait: Number(query.get('wait') ?? 25),
          limit: Number(query.get('limit') ?? 50),
        });
        return;
      case 'POST acks':
        members(body, ['consumer', 'ack']);
        this.log.acknowledge(String(body['consumer'] ?? ''), body['ack']);
        response.writeHead(204).end();
        return;
      case 'POST tickets': {
        const ticket = randomUUID();
        this.tickets.add(ticket);
        json(response, 200, { ticket, expiresAt: new Date(Date.now() + 30_000).toISOString() });
        return;
      }
      case 'GET stream':
        this.stream(response, query.get('consumer') ?? '', query.get('after') ?? undefined);
        return;
      case 'POST rpc':
        members(body, ['message']);
        await this.calls.start(request, String(body['message']), response);
        return;
      case 'GET rpc':
        await this.calls.find(path.split('/')[1] ?? '', Number(query.get('wait') ?? 0), response);
        return;
      default:
        throw new Refusal(404, 'not-found');
    }
  }

  private poll(
    response: ServerResponse,
    poll: { consumer?: unknown; after?: unknown; wait?: unknown; limit?: unknown; isClaim?: boolean },
  ): void {
    const wait = range('wait', poll.wait ?? 25, 0, 50);
    const limit = range('limit', poll.limit ?? 50, 1, 100);
    const consumer = String(poll.consumer ?? '');
    const position = this.log.start(consumer, poll.after);
    const answer = (): void => {
      const lost = this.log.lost(position);
      if (lost) {
        this.answerRefusal(response, new Refusal(410, 'position-gone', 'gone', lost));
        return;
      }
      const page = this.log.read(position, limit);
      this.sent += page.messages.length;
      json(response, 200, page);
    };
    if (this.log.has(position) || wait === 0) {
      answer();
      return;
    }
    const reader = this.read(poll.isClaim ? consumer : '', () => finish(answer), () =>
      finish(() => this.answerRefusal(response, new Refusal(409, 'superseded'))),
    );
    const timer = setTimeout(() => finish(answer), wait * 1000);
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      this.readers.delete(reader);
      if (!response.destroyed && !response.writableEnded) {
        end();
      }
    };
    response.on('close', () => finish(() => {}));
  }

  private stream(response: ServerResponse, consumer: string, after: string | undefined): void {
    let position = this.log.start(consumer, after);
    let isCaughtUp = false;
    response.writeHead(200, { 'Content-Type': 'text/event-stream;charset=UTF-8', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    const event = (type: string, data: object, id?: string): boolean =>
      response.write(`${id ? `id: ${id}\n` : ''}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    const end = (type: string, data: object = {}): void => {
      event(type, data);
      response.end();
    };
    let isBlocked = false;
    const wake = (): void => {
      if (response.writableEnded || response.destroyed) {
        return;
      }
      const lost = this.log.lost(position);
      if (lost) {
        end('reset', lost);
        return;
      }
      while (!isBlocked && this.log.has(position)) {
        const message = this.log.at(++position);
        this.sent++;
        isBlocked = !event('message', message, message.cursor);
      }
      if (isBlocked) {
        response.once('drain', () => {
          isBlocked = false;
          wake();
        });
        return;
      }
      if (!isCaughtUp) {
        isCaughtUp = true;
        event('caught_up', { next: this.log.cursor(position) }, this.log.cursor(position));
      }
    };
    const reader = this.read(consumer, wake, () => end('superseded'));
    const farewell = (type: string): void => end(type, { retryAfterMillis: 1 });
    this.streams.add(farewell);
    const heartbeat = setInterval(() => response.write(': \n\n'), this.heartbeatMillis);
    response.on('close', () => {
      clearInterval(heartbeat);
      this.readers.delete(reader);
      this.streams.delete(farewell);
    });
    wake();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '', 'http://relay');
    const ticket = url.searchParams.get('ticket') ?? '';
    this.requests.push(`WS ${PATH.exec(url.pathname)?.[1]}`);
    if (!this.tickets.delete(ticket) || request.headers['sec-websocket-protocol'] !== PROTOCOL) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => this.socket(opened));
  }

  private socket(socket: WebSocket): void {
    this.track(socket);
    let consumer = '';
    let position = -2;
    let credit = Infinity;
    let isCaughtUp = false;
    const unacknowledged: number[] = [];
    const send = (message: object): void => socket.send(JSON.stringify(message));
    const wake = (): void => {
      if (position === -2 || socket.readyState !== socket.OPEN) {
        return;
      }
      const lost = this.log.lost(position);
      if (lost) {
        send({ type: 'reset', ...lost });
        socket.close(4410);
        return;
      }
      while (this.log.has(position) && credit > 0 && unacknowledged.length < this.window) {
        const message = this.log.at(++position);
        credit--;
        unacknowledged.push(position);
        this.sent++;
        send({ type: 'msg', message });
      }
      if (!isCaughtUp && !this.log.has(position)) {
        isCaughtUp = true;
        send({ type: 'caught_up', next: this.log.cursor(position) });
      }
    };
    let reader: Reader | undefined;
    socket.on('close', () => reader && this.readers.delete(reader));
    socket.on('error', () => {});
    socket.on('message', (text) => {
      try {
        const message = JSON.parse(String(text)) as Record<string, unknown>;
        if ((message['type'] === 'hello') === (position !== -2)) {
          throw new Refusal(400, 'bad-request', 'one hello is expected, first');
        }
        switch (message['type']) {
          case 'hello':
            members(message, ['type', 'consumer', 'after', 'window', 'credit']);
            consumer = String(message['consumer'] ?? '');
            credit = Number(message['credit'] ?? Infinity);
            position = this.log.start(consumer, message['after'], true);
            reader = this.read(consumer, wake, () => socket.close(4409));
            send({ type: 'welcome', consumer, window: this.window, heartbeatSeconds: 15 });
            break;
          case 'ack': {
            members(message, ['type', 'ack']);
            const offset = this.log.acknowledge(consumer, message['ack']);
            send({ type: 'acked', ack: message['ack'] });
            unacknowledged.splice(0, unacknowledged.filter((one) => one <= offset).length);
            break;
          }
          case 'credit':
            members(message, ['type', 'n']);
            credit += range('n', message['n'], 1, 1_000_000);
            break;
          default:
            throw new Refusal(400, 'bad-request', `unknown type ${String(message['type'])}`);
        }
        wake();
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal(400, 'bad-request', String(error));
        if (refusal.status === 410) {
          send({ type: 'reset', ...refusal.members });
          socket.close(4410);
          return;
        }
        this.violations.push(refusal.message);
        send({ type: 'error', problem: refusal.type, detail: refusal.message });
        socket.close(4400);
      }
    });
  }

  private read(consumer: string, wake: () => void, supersede: () => void): Reader {
    const reader = { consumer, wake, supersede };
    if (consumer) {
      const older = [...this.readers].filter((one) => one.consumer === consumer);
      older.forEach((one) => {
        this.readers.delete(one);
        one.supersede();
      });
    }
    this.readers.add(reader);
    return reader;
  }

  private refuse(path: string): void {
    const next = this.refusals.findIndex((one) => one.path.test(path));
    const [found] = next < 0 ? [] : this.refusals.splice(next, 1);
    if (found) {
      throw found.refusal;
    }
  }

  private authorize(request: IncomingMessage): void {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (token === this.foreignToken) {
      throw new Refusal(403, 'foreign-device');
    }
    if (!this.tokens.has(token)) {
      throw new Refusal(401, 'unauthorized');
    }
  }

  private answerRefusal(response: ServerResponse, refusal: Refusal): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (refusal.retryAfter !== undefined) {
      response.setHeader('Retry-After', refusal.retryAfter);
    }
    const { status, type, message, members: others } = refusal;
    json(response, status, { type, status, title: type, detail: message, ...others }, 'application/problem+json');
  }

  private track(connection: ServerResponse | WebSocket): void {
    this.open.add(connection);
    connection.on('close', () => this.open.delete(connection));
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    pieces.push(piece as Buffer);
  }
  const text = Buffer.concat(pieces).toString();
  if (text && !request.headers['content-type']?.startsWith('application/json')) {
    throw new Refusal(415, 'unsupported-media-type');
  }
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function json(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(JSON.stringify(body));
}

function members(body: Record<string, unknown>, allowed: string[]): void {
  const unknown = Object.keys(body).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    throw new Refusal(400, 'bad-request', `no member ${unknown.join()}`);
  }
}

function range(name: string, value: unknown, min: number, max: number): number {
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
    throw new Refusal(400, 'bad-request', `${name} must be ${min} to ${max}, not ${String(value)}`);
  }
  return Number(value);
}
