import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './relay-log.js';

/** The RPC calls of a device: each request id runs once, and its answer can be read again. */
export class Calls {
  /** Payloads that Fireblocks has got, in order. */
  readonly executed: string[] = [];
  /** Request ids of all requests, repeated ones included. */
  readonly requestIds: string[] = [];
  /** Fireblocks' answer to a payload. */
  answer: (payload: string) => Promise<string | Refusal> = async () => '{"result":{}}';

  private readonly known = new Map<string, { message: string; reply: Promise<string | Refusal> }>();

  async start(request: IncomingMessage, message: string, response: ServerResponse): Promise<void> {
    const id = String(request.headers['request-id']);
    if (!/^[A-Za-z0-9._:-]{1,128}$/.test(id)) {
      throw new Refusal(400, 'bad-request', 'Request-Id');
    }
    this.requestIds.push(id);
    const before = this.known.get(id);
    if (before && before.message !== message) {
      throw new Refusal(409, 'request-id-in-use');
    }
    if (!before) {
      this.executed.push(message);
      this.known.set(id, { message, reply: this.answer(message) });
    }
    const prefer = String(request.headers['prefer'] ?? '');
    const wait = /respond-async/.test(prefer) ? Number(/wait=(\d+)/.exec(prefer)?.[1] ?? 0) : 55;
    await this.respond(id, wait, response);
  }

  async find(id: string, wait: number, response: ServerResponse): Promise<void> {
    if (!this.known.has(id)) {
      throw new Refusal(404, 'unknown-request');
    }
    await this.respond(id, wait, response);
  }

  private async respond(id: string, waitSeconds: number, response: ServerResponse): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), waitSeconds * 1000);
      response.on('close', () => resolve(undefined));
    });
    const reply = await Promise.race([this.known.get(id)?.reply, timeout]);
    clearTimeout(timer);
    if (response.destroyed) {
      return;
    }
    if (reply instanceof Refusal) {
      throw reply;
    }
    if (reply === undefined) {
      response
        .writeHead(202, { 'Content-Type': 'application/json', 'Retry-After': 1, Location: `/v1/devices/d-1/rpc/${id}` })
        .end(JSON.stringify({ requestId: id, status: 'pending' }));
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json', 'Request-Id': id }).end(reply);
  }
}
