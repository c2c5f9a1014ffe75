import type { TransportName } from './message.js';
import type { Runtime } from './runtime.js';

const BROKEN_MILLIS = 10 * 60_000;
const MAX_CUTS = 3;
const PREFERENCE: readonly TransportName[] = ['websocket', 'sse', 'longpoll'];

/**
 * Chooses the best transport that works here, and remembers what does not.
 *
 * A transport that fails is only suspected: the network may be down. It counts as broken, for ten minutes, when another one
 * works at that time. Long polling never counts as broken.
 */
export class TransportChoice {
  /** How many seconds a poll waits: less where a proxy cuts longer ones. */
  pollSeconds = 25;

  private readonly suspects = new Set<TransportName>();
  private readonly brokenUntil = new Map<TransportName, number>();
  private readonly cuts = new Map<TransportName, number>();
  private failures = 0;

  constructor(private readonly runtime: Runtime) {}

  /** The transport for the next connection. */
  next(): TransportName {
    const usable = this.usable();
    return usable[this.failures % usable.length] as TransportName;
  }

  /** A connection of this transport carries messages. */
  worked(transport: TransportName): void {
    this.failures = 0;
    this.suspects.delete(transport);
    for (const broken of this.suspects) {
      this.brokenUntil.set(broken, this.runtime.now() + BROKEN_MILLIS);
    }
    this.suspects.clear();
  }

  /**
   * A connection ended by a fault of the path before it had worked. True when another transport should be tried at once.
   *
   * @param isSuspect whether it is likely that others work
   */
  failed(transport: TransportName, isSuspect: boolean): boolean {
    this.failures++;
    if (isSuspect && transport !== 'longpoll') {
      this.suspects.add(transport);
    }
    return isSuspect && this.failures % this.usable().length > 0;
  }

  /** A connection that had worked was cut soon; the third time in a row counts as a failure. */
  cut(transport: TransportName): boolean {
    const cuts = (this.cuts.get(transport) ?? 0) + 1;
    this.cuts.set(transport, cuts % MAX_CUTS);
    return cuts >= MAX_CUTS && this.failed(transport, true);
  }

  /** A connection lasted. */
  lasted(transport: TransportName): void {
    this.cuts.delete(transport);
  }

  /** The network is another one, perhaps. */
  forget(): void {
    this.suspects.clear();
    this.brokenUntil.clear();
    this.cuts.clear();
    this.failures = 0;
    this.pollSeconds = 25;
  }

  private usable(): TransportName[] {
    return PREFERENCE.filter((one) => one === 'longpoll' || !((this.brokenUntil.get(one) ?? 0) > this.runtime.now()));
  }
}
