import type { RelayMessage } from '../../src/message.js';
import { byId, element, timeText } from './dom.js';
import type { Numbers } from './numbers.js';
import type { Ways } from './ways.js';

const SHOWN = 30;

/** The phone's list of messages, with a button for each that is not acknowledged. */
export class Messages {
  private readonly list = byId('messages');
  private readonly automatic = byId<HTMLInputElement>('auto-ack');
  /** Those without an acknowledgement, the oldest first. */
  private open: { id: string; settle: (text: string) => void }[] = [];

  constructor(
    private readonly ways: Ways,
    private readonly numbers: Numbers,
    private readonly way: () => string | undefined,
    private readonly redraw: () => void,
  ) {}

  add(message: RelayMessage): void {
    const at = Date.now();
    this.ways.received(message.id, message.type, at, this.way() ?? 'the client');
    this.numbers.received(message.id, at);
    this.show(message, at);
    this.redraw();
  }

  private show(message: RelayMessage, at: number): void {
    const { status } = (message.data ?? {}) as { status?: unknown };
    const button = element('button', '', 'Acknowledge') as HTMLButtonElement;
    button.type = 'button';
    const state = element('span', 'quiet', '');
    const text = typeof status === 'string' ? `${message.type} ${status}` : message.type;
    const line = element('div', 'line', element('code', '', text), button);
    const item = element('li', '', line, element('div', 'quiet', `${timeText(at)} `, state));
    item.dataset['id'] = message.id;
    this.list.prepend(item);
    [...this.list.children].slice(SHOWN).forEach((old) => old.remove());
    byId('no-messages').hidden = true;
    this.open.push({
      id: message.id,
      settle: (said) => {
        button.remove();
        state.textContent = said;
      },
    });
    button.addEventListener('click', () => void this.acknowledge(message));
    if (this.automatic.checked) {
      void this.acknowledge(message);
    }
  }

  /** Acknowledges the message and all before it. */
  private async acknowledge(message: RelayMessage): Promise<void> {
    const upTo = this.open.findIndex(({ id }) => id === message.id);
    const acked = this.open.splice(0, upTo + 1);
    const at = Date.now();
    acked.forEach(({ id, settle }) => {
      this.ways.acked(id, at);
      settle('acknowledged');
    });
    this.redraw();
    try {
      await message.ack();
      acked.forEach(({ id, settle }) => {
        this.ways.stored(id, Date.now());
        settle('acknowledged and stored');
      });
      this.numbers.acknowledged += acked.length;
    } catch {
      acked.forEach(({ settle }) => settle('not stored: the message comes again'));
    }
    this.redraw();
  }
}
