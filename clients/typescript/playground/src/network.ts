import type { TransportName } from '../../src/message.js';
import type { Nodes, Target } from './nodes.js';
import type { Runtime, Socket, SocketConstructor } from '../../src/runtime.js';

/** What the page wants to know of the phone's traffic, and the node it goes to, if there are several. */
export interface NetworkListener {
  /** A request for messages is sent; a long poll is answered with the next message only. */
  asking(transport: TransportName, node?: number): void;
  /** A connection for messages works. */
  connected(transport: TransportName, node?: number): void;
  /** A call begins, in the order of the calls. */
  calling(requestId: string, node?: number): void;
  /** Its request is sent again. */
  repeating(requestId: string, node?: number): void;
}

/** Numbers since the page was opened. */
export interface NetworkCounts {
  requests: number;
  sockets: number;
  refusedTokens: number;
  cuts: number;
  /** Requests and sockets that each node has answered, by its number. */
  answered: Map<number, number>;
}

/**
 * The phone's network: the browser's own, which can be switched off, and whose connections can be cut. It also sends an
 * expired token in place of a good one, as a phone does whose clock is late.
 */
export class PhoneNetwork {
  readonly counts: NetworkCounts = { requests: 0, sockets: 0, refusedTokens: 0, cuts: 0, answered: new Map() };
  private online = true;
  private cutter = new AbortController();
  private readonly sockets = new Set<PhoneSocket>();
  /** The request ids of calls, and whether they have left the phone. */
  private readonly sentCalls = new Map<string, boolean>();
  private replaced: { good: string; expired: string } | undefined;

  constructor(
    private readonly real: Runtime,
    private readonly listener: NetworkListener,
    private readonly nodes: Nodes,
  ) {}

  get isOnline(): boolean {
    return this.online;
  }

  /** What the client is given in place of the browser's functions. */
  get runtime(): Runtime {
    const open = (url: string, protocol: string): Socket => this.open(url, protocol);
    return {
      fetch: (url, init) => this.fetch(url, init),
      // A constructor that returns another object.
      WebSocket: function (url: string, protocol: string) {
        return open(url, protocol);
      } as unknown as SocketConstructor,
      setTimeout: (callback, millis) => this.real.setTimeout(callback, millis),
      clearTimeout: (timer) => this.real.clearTimeout(timer),
      now: () => this.real.now(),
      random: () => this.real.random(),
      onWake: (listener) => this.real.onWake(listener),
    };
  }

  /** Ends every connection without a word, as a tunnel or a lift does. */
  cut(): void {
    this.counts.cuts++;
    this.drop();
  }

  goOffline(): void {
    this.online = false;
    this.drop();
  }

  comeBack(): void {
    this.online = true;
  }

  /** From now on requests with this token carry the expired one. */
  replaceToken(good: string, expired: string): void {
    this.replaced = { good, expired };
  }

  private drop(): void {
    this.cutter.abort(new TypeError('the connection was cut'));
    this.cutter = new AbortController();
    this.sockets.forEach((socket) => socket.cut());
    this.sockets.clear();
  }

  private async fetch(asked: string, init: RequestInit): Promise<Response> {
    const { url, node } = this.target(asked);
    const headers = { ...(init.headers as Record<string, string>) };
    this.noticeCall(url, headers, node);
    if (!this.online) {
      throw new TypeError('the phone is offline');
    }
    if (this.replaced && headers['Authorization'] === `Bearer ${this.replaced.good}`) {
      headers['Authorization'] = `Bearer ${this.replaced.expired}`;
    }
    this.counts.requests++;
    const transport = transportOf(url);
    if (transport) {
      this.listener.asking(transport, node);
    }
    const signals = [init.signal, this.cutter.signal].filter((signal) => signal instanceof AbortSignal);
    const cut = this.cutter.signal;
    const response = await this.real.fetch(url, { ...init, headers, signal: AbortSignal.any(signals) }).catch((error) => {
      if (!cut.aborted && !init.signal?.aborted) {
        this.nodes.failed(node);
      }
      throw error;
    });
    this.answeredBy(node);
    if (response.status === 401) {
      this.counts.refusedTokens++;
    }
    if (response.ok && transport) {
      this.listener.connected(transport, node);
    }
    return response;
  }

  /** What does not leave the phone takes no turn. */
  private target(url: string): Target {
    return this.online ? this.nodes.next(url) : { url };
  }

  private answeredBy(node: number | undefined): void {
    if (node !== undefined) {
      this.counts.answered.set(node, (this.counts.answered.get(node) ?? 0) + 1);
    }
  }

  private noticeCall(url: string, headers: Record<string, string>, node: number | undefined): void {
    const id = headers['Request-Id'];
    if (id === undefined || !url.endsWith('/rpc')) {
      return;
    }
    const sent = this.sentCalls.get(id);
    if (sent === undefined) {
      this.listener.calling(id, node);
    } else if (sent && this.online) {
      this.listener.repeating(id, node);
    }
    this.sentCalls.set(id, sent || this.online);
  }

  private open(url: string, protocol: string): Socket {
    const { WebSocket } = this.real;
    const { url: target, node } = this.target(url);
    const socket = new PhoneSocket(
      () => {
        this.answeredBy(node);
        this.listener.connected('websocket', node);
      },
      () => this.nodes.failed(node),
    );
    if (!this.online || !WebSocket) {
      this.real.setTimeout(() => socket.cut(), 0);
      return socket;
    }
    this.counts.sockets++;
    this.listener.asking('websocket', node);
    this.sockets.add(socket);
    socket.carry(new WebSocket(target, protocol));
    return socket;
  }
}

/** A WebSocket that can end without a word. */
class PhoneSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  private carrier: Socket | undefined;
  private isCut = false;
  private isHeard = false;

  /**
   * @param heard called with the first message
   * @param failed called when the socket closes before its first message
   */
  constructor(
    private readonly heard: () => void,
    private readonly failed: () => void,
  ) {}

  carry(carrier: Socket): void {
    this.carrier = carrier;
    carrier.onopen = (event) => this.unlessCut(this.onopen, event);
    carrier.onerror = (event) => this.unlessCut(this.onerror, event);
    carrier.onclose = (event) => {
      if (!this.isHeard && !this.isCut) {
        this.failed();
      }
      this.unlessCut(this.onclose, event);
    };
    carrier.onmessage = (event) => {
      if (!this.isHeard && !this.isCut) {
        this.isHeard = true;
        this.heard();
      }
      this.unlessCut(this.onmessage, event);
    };
  }

  cut(): void {
    if (!this.isCut) {
      this.isCut = true;
      this.onclose?.({ code: 1006 });
      this.carrier?.close();
    }
  }

  send(text: string): void {
    if (!this.isCut) {
      this.carrier?.send(text);
    }
  }

  close(code?: number): void {
    this.isCut = true;
    this.carrier?.close(code);
  }

  private unlessCut(listener: ((event: unknown) => void) | null, event: unknown): void {
    if (!this.isCut) {
      listener?.(event);
    }
  }
}

/** The transport that a request for messages belongs to. */
export function transportOf(url: string): TransportName | undefined {
  const path = url.replace(/\?.*/, '');
  return path.endsWith('/stream') ? 'sse' : path.endsWith('/messages:poll') ? 'longpoll' : undefined;
}
