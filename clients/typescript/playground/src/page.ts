import { defaultRuntime } from '../../src/runtime.js';
import { Calls } from './calls.js';
import { byId } from './dom.js';
import { FireblocksPanel } from './fireblocks.js';
import { withKey } from './ids.js';
import { keptIdentity } from './identity.js';
import { Messages } from './messages.js';
import { PhoneNetwork, type NetworkListener } from './network.js';
import { Nodes } from './nodes.js';
import { Numbers } from './numbers.js';
import { Phone, type Identity } from './phone.js';
import { PhonePanel } from './phone-panel.js';
import { Simulator, type Settings } from './simulator.js';
import { Ways } from './ways.js';
import { drawWays } from './diagram.js';

/** Allows for whole milliseconds and a busy machine. */
const CLOCK_MILLIS = 50;

/** The whole page: the phone, Fireblocks, and what was seen of both. */
class Page {
  private readonly ways: Ways;
  private readonly numbers = new Numbers();
  private isDrawing = false;

  constructor(
    private readonly simulator: Simulator,
    private readonly settings: Settings,
    identity: Identity,
  ) {
    this.ways = new Ways(identity.deviceId);
    const redraw = (): void => this.redraw();
    const { ways, numbers } = this;
    const listener: NetworkListener = {
      asking: (transport, node) => phone.asking(transport, node),
      connected: (transport, node) => phone.connected(transport, node),
      calling: (requestId, node) => calls.calling(requestId, node),
      repeating: (requestId, node) => calls.repeating(requestId, node),
    };
    const nodes = new Nodes(settings.delivery, () => byId<HTMLSelectElement>('nodes').value === 'turns');
    byId('nodes-label').hidden = nodes.count < 2;
    const network = new PhoneNetwork(defaultRuntime(), listener, nodes);
    const messages = new Messages(ways, numbers, () => phone.way, redraw);
    const phone: Phone = new Phone(identity, nodes, simulator, network, {
      state: (state, text) => panel.show(state, text),
      message: (message) => messages.add(message),
    });
    const calls: Calls = new Calls(phone, ways, numbers, redraw);
    const panel = new PhonePanel(phone, network);
    new FireblocksPanel(simulator, settings, identity, ways, numbers, redraw);
    numbers.follow(phone, network);
    this.notice('');
    void this.readJournal(settings.journal);
    redraw();
  }

  /** Hears what Kafka and Fireblocks have seen, for as long as the page is open. */
  private async readJournal(from: number): Promise<void> {
    for (let after = from; ; ) {
      const asked = Date.now();
      try {
        const { now, entries } = await this.simulator.journal(after);
        (await Promise.all(entries.map(withKey))).forEach((entry) => this.ways.seen(entry));
        after = entries[entries.length - 1]?.sequence ?? after;
        this.notice(clockNotice(asked, now, Date.now()));
        this.redraw();
      } catch {
        this.notice('The simulator does not answer: ./relay status says what runs.');
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  private notice(text: string): void {
    const without = this.settings.kafka ? '' : 'Kafka is not watched, so partitions and offsets are not shown. ';
    const shown = without + text;
    const notice = byId('notice');
    if (notice.textContent !== shown) {
      notice.textContent = shown;
    }
  }

  /** Once for all that happens before the next frame. */
  private redraw(): void {
    if (!this.isDrawing) {
      this.isDrawing = true;
      // Not at the next frame, which a hidden tab does not have.
      setTimeout(() => {
        this.isDrawing = false;
        const ways = this.ways.all();
        drawWays(byId('ways'), ways);
        byId('no-ways').hidden = ways.length > 0;
        this.numbers.draw();
      }, 30);
    }
  }
}

/** What to say when the browser's clock is not the simulator's: times between the two would be wrong. */
function clockNotice(asked: number, now: number, answered: number): string {
  const isSame = now >= asked - CLOCK_MILLIS && now <= answered + CLOCK_MILLIS;
  return isSame ? '' : "This browser's clock differs from the relay's: times up to the app are wrong by that.";
}

async function start(): Promise<void> {
  const simulator = new Simulator();
  const settings = await simulator.settings();
  new Page(simulator, settings, keptIdentity(localStorage));
  document.body.dataset['ready'] = 'true';
}

start().catch((error) => {
  byId('notice').textContent = `The page cannot start: ${error}`;
});
