import { RelayError } from '../../src/error.js';
import { byId, element, errorText, millisText } from './dom.js';
import { sha256 } from './ids.js';
import type { Numbers } from './numbers.js';
import type { Phone } from './phone.js';
import type { Ways } from './ways.js';

const SHOWN = 15;
const SHOWN_CHARACTERS = 1_000;

/** The phone's calls: a payload, a button, and the answers. */
export class Calls {
  private readonly list = byId('calls');
  private readonly payload = byId<HTMLTextAreaElement>('payload');
  /** Calls that have no request id yet, the oldest first: the client makes it. */
  private readonly starting: ((requestId: string, node?: number) => void)[] = [];

  constructor(
    private readonly phone: Phone,
    private readonly ways: Ways,
    private readonly numbers: Numbers,
    private readonly redraw: () => void,
  ) {
    byId('call').addEventListener('click', () => void this.call(this.payload.value));
  }

  /** The network hears that the next call begins. */
  calling(requestId: string, node?: number): void {
    this.starting.shift()?.(requestId, node);
  }

  /** The network hears that a call's request is sent again. */
  repeating(requestId: string, node?: number): void {
    this.ways.repeated(requestId, node);
    this.redraw();
  }

  private async call(payload: string): Promise<void> {
    const hash = await sha256(new TextEncoder().encode(payload));
    const state = element('span', 'quiet', 'sent');
    const answer = element('pre', '');
    const method = methodOf(payload);
    const item = element('li', '', element('div', 'line', element('code', '', method || 'call'), state), answer);
    this.list.prepend(item);
    [...this.list.children].slice(SHOWN).forEach((old) => old.remove());
    byId('no-calls').hidden = true;

    let id: string | undefined;
    const begun = Date.now();
    const watch = performance.now();
    this.starting.push((requestId, node) => {
      id = requestId;
      item.dataset['id'] = requestId;
      this.ways.called(requestId, hash, method, begun, node);
      this.redraw();
    });
    const end = (said: string, text: string, isBad: boolean, at: number): void => {
      state.textContent = said;
      state.className = isBad ? 'bad' : 'good';
      answer.textContent = text.slice(0, SHOWN_CHARACTERS);
      if (id !== undefined) {
        this.ways.answered(id, said, isBad, at);
      }
      this.redraw();
    };
    try {
      const text = await this.phone.call(payload);
      const millis = performance.now() - watch;
      const at = Date.now();
      this.numbers.answered({ at, millis });
      end(`answered in ${millisText(millis)}`, text, false, at);
    } catch (error) {
      const at = Date.now();
      this.numbers.failedCalls++;
      end(error instanceof RelayError ? error.code : 'failed', errorText(error), true, at);
    }
  }
}

/** The SDK's method in a payload; empty when it names none. */
function methodOf(payload: string): string {
  try {
    const { method } = JSON.parse(payload) as { method?: unknown };
    return typeof method === 'string' ? method : '';
  } catch {
    return '';
  }
}
