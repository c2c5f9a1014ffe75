import { byId, element } from './dom.js';
import { Latency, type Sample } from './latency.js';
import type { PhoneNetwork } from './network.js';
import type { Phone } from './phone.js';
import { drawLatencies } from './plot.js';

const KEPT = 200;

/** Counters and latencies since the page was opened. */
export class Numbers {
  acknowledged = 0;
  failedCalls = 0;
  private readonly webhooks = { accepted: 0, refused: 0 };
  private messages = 0;
  private readonly messageLatency = new Latency();
  private readonly callLatency = new Latency();
  /** When Fireblocks sent and the app received an event: whichever is heard of first waits for the other. */
  private readonly sentAt = new Map<string, number>();
  private readonly receivedAt = new Map<string, number>();
  private phone: Phone | undefined;
  private network: PhoneNetwork | undefined;

  follow(phone: Phone, network: PhoneNetwork): void {
    this.phone = phone;
    this.network = network;
  }

  /** Fireblocks has sent a webhook for the first time, at this time. */
  sent(eventId: string, at: number, isAccepted: boolean): void {
    this.webhooks[isAccepted ? 'accepted' : 'refused']++;
    if (isAccepted && !this.sentAt.has(eventId)) {
      remember(this.sentAt, eventId, at);
      this.measure(eventId);
    }
  }

  received(eventId: string, at: number): void {
    this.messages++;
    if (!this.receivedAt.has(eventId)) {
      remember(this.receivedAt, eventId, at);
      this.measure(eventId);
    }
  }

  answered(sample: Sample): void {
    this.callLatency.add(sample);
  }

  draw(): void {
    const { phone, network, webhooks } = this;
    drawLatencies(byId<SVGElement>('plot'), byId('plot-text'), byId('latencies'), [
      { name: 'webhook to app', className: 'message', latency: this.messageLatency },
      { name: 'call to answer', className: 'call', latency: this.callLatency },
    ]);
    const counters: [string, number][] = [
      ['webhooks accepted', webhooks.accepted],
      ['webhooks refused', webhooks.refused],
      ['messages received', this.messages],
      ['messages acknowledged', this.acknowledged],
      ['calls answered', this.callLatency.samples.length],
      ['calls failed', this.failedCalls],
      ['requests of the phone', network?.counts.requests ?? 0],
      ['WebSockets opened', network?.counts.sockets ?? 0],
      ['tokens fetched', phone?.tokens ?? 0],
      ['tokens refused', network?.counts.refusedTokens ?? 0],
      ['connections cut here', network?.counts.cuts ?? 0],
      ['gaps', phone?.gaps ?? 0],
      ...[...(network?.counts.answered ?? [])]
        .sort(([one], [other]) => one - other)
        .map(([node, count]): [string, number] => [`answered by node ${node}`, count]),
    ];
    byId('counters').replaceChildren(
      ...counters.map(([name, count]) => {
        const value = element('dd', '', `${count}`);
        value.dataset['counter'] = name;
        return element('div', '', element('dt', '', name), value);
      }),
    );
  }

  private measure(eventId: string): void {
    const sent = this.sentAt.get(eventId);
    const received = this.receivedAt.get(eventId);
    if (sent !== undefined && received !== undefined) {
      this.messageLatency.add({ at: received, millis: received - sent });
    }
  }
}

function remember(times: Map<string, number>, id: string, at: number): void {
  times.set(id, at);
  for (const oldest of [...times.keys()].slice(0, times.size - KEPT)) {
    times.delete(oldest);
  }
}
