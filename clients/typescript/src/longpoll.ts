import { RelayError, retryAfterMillis } from './error.js';
import { networkError } from './http.js';
import type { Link } from './link.js';
import type { WireMessage } from './message.js';
import { watched } from './time.js';

const SLACK_MILLIS = 15_000;
const CUT_MILLIS = 3_000;
const MIN_POLL_SECONDS = 2;

interface Page {
  messages: WireMessage[];
  next: string;
}

/** One long poll; it carries the acknowledgement that waits, so that a busy client sends one request instead of two. */
export async function longpoll(link: Link): Promise<number> {
  const { runtime, http, inbox, acks, choice } = link;
  const began = runtime.now();
  try {
    const [page, pause] = await acks.carry((ack) => {
      // With an acknowledgement it does not wait: the app may wait for its confirmation.
      const wait = ack === undefined ? choice.pollSeconds : 0;
      const body = { consumer: link.consumer, after: inbox.position, ack, wait, limit: inbox.room };
      return watched(runtime, link.signal, wait * 1000 + SLACK_MILLIS, async (signal) => {
        const response = await http.request('messages:poll', { method: 'POST', body }, signal);
        // An empty answer that should have been held and was not, a cache's for example, is not asked for again at once.
        const isHeld = wait === 0 || runtime.now() - began > 1000;
        return [await readPage(response), retryAfterMillis(response) ?? (isHeld ? 0 : 1000)] as const;
      });
    });
    link.heard();
    page.messages.forEach((message) => inbox.offer(message));
    inbox.advance(page.next);
    return page.messages.length > 0 ? 0 : pause;
  } catch (error) {
    const failure = networkError(error);
    if (!failure.problem && !link.signal.aborted && runtime.now() - began > CUT_MILLIS) {
      choice.pollSeconds = Math.max(MIN_POLL_SECONDS, choice.pollSeconds >> 1);
    }
    throw failure;
  }
}

async function readPage(response: Response): Promise<Page> {
  const text = await response.text();
  try {
    const page = JSON.parse(text) as Page;
    if (Array.isArray(page.messages)) {
      return page;
    }
  } catch {
    // A page of a captive portal, or an answer that was cut.
  }
  throw new RelayError('malformed', 'the answer is no page of messages');
}
