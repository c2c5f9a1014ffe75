import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Backoff } from '../src/backoff.js';
import { TransportChoice } from '../src/choice.js';
import { isTransient, RelayError, responseError, retryAfterMillis } from '../src/error.js';
import { EventParser } from '../src/eventstream.js';
import { Inbox } from '../src/inbox.js';
import { defaultRuntime } from '../src/runtime.js';
import { watched } from '../src/time.js';
import { FakeRuntime, settle } from './runtimes.js';
import { newSeed, seeded } from './seeded.js';

describe('backoff', () => {
  test('ceiling_doublesUpToHalfAMinute_andTheWaitIsAnywhereBelow', () => {
    const runtime = new FakeRuntime();
    const backoff = new Backoff(runtime);
    runtime.random = () => 0.999999;
    assert.deepEqual(
      Array.from({ length: 8 }, () => Math.round(backoff.next())),
      [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000],
    );
    runtime.random = () => 0;
    assert.equal(backoff.next(), 0);
    backoff.reset();
    runtime.random = () => 0.5;
    assert.equal(backoff.next(), 250);
  });
});

describe('event stream', () => {
  test('pieces_cutAnywhere_makeTheSameEvents', (context) => {
    const seed = newSeed();
    context.diagnostic(`SEED=${seed} repeats this run`);
    const random = seeded(seed);
    const text =
      ': \n\nid: c1\nevent: message\ndata: {"a":1,\ndata:"b":"x: y"}\n\nevent:caught_up\r\ndata: {}\r\n\r\nretry: 5\n\n' +
      'event: superseded\ndata: {}\n\nevent: message\ndata: {"cut":';
    const whole = new EventParser().push(text);
    assert.deepEqual(whole, [
      { type: 'message', data: '{"a":1,\n"b":"x: y"}' },
      { type: 'caught_up', data: '{}' },
      { type: 'superseded', data: '{}' },
    ]);
    for (let run = 0; run < 200; run++) {
      const parser = new EventParser();
      const events = [];
      for (let from = 0; from < text.length; ) {
        const to = from + Math.ceil(random() * 20);
        events.push(...parser.push(text.slice(from, to)));
        from = to;
      }
      assert.deepEqual(events, whole, `SEED=${seed}`);
    }
  });
});

describe('choice', () => {
  test('transportThatFailsWhereAnotherWorks_isRememberedForTenMinutes', () => {
    const runtime = new FakeRuntime();
    const choice = new TransportChoice(runtime);
    assert.equal(choice.next(), 'websocket');
    assert.equal(choice.failed('websocket', true), true);
    assert.equal(choice.next(), 'sse');
    choice.worked('sse');

    assert.equal(choice.next(), 'sse');
    runtime.now = () => 10 * 60_000;
    assert.equal(choice.next(), 'websocket');
  });

  test('outage_isNoReasonToRemember', () => {
    const choice = new TransportChoice(new FakeRuntime());
    assert.equal(choice.failed('websocket', false), false);
    assert.equal(choice.next(), 'sse');
    choice.worked('sse');

    assert.equal(choice.next(), 'websocket');
  });

  test('allSuspects_areTriedAgainInOrder', () => {
    const choice = new TransportChoice(new FakeRuntime());
    choice.failed('websocket', true);
    choice.failed('sse', true);
    assert.equal(choice.next(), 'longpoll');
    assert.equal(choice.failed('longpoll', false), false);

    assert.equal(choice.next(), 'websocket');
    choice.worked('websocket');
    assert.equal(choice.next(), 'websocket');
  });

  test('thirdCutInARow_isAFailure', () => {
    const choice = new TransportChoice(new FakeRuntime());
    assert.deepEqual([1, 2].map(() => choice.cut('websocket')), [false, false]);
    choice.lasted('websocket');
    assert.deepEqual([1, 2, 3].map(() => choice.cut('websocket')), [false, false, true]);

    assert.equal(choice.next(), 'sse');
    choice.worked('sse');
    assert.equal(choice.next(), 'sse');
    choice.forget();
    assert.equal(choice.next(), 'websocket');
  });
});

describe('inbox', () => {
  test('knownIds_areBounded', () => {
    const inbox = new Inbox(undefined);
    const taking = new AbortController();
    const take = (): Promise<unknown> => inbox.take(taking.signal);
    for (let id = 0; id <= 1_000; id++) {
      inbox.offer(message(String(id)));
      void take();
    }
    assert.equal(inbox.room, 64);
    inbox.offer(message('500'));
    assert.equal(inbox.room, 64);
    inbox.offer(message('0'));
    assert.equal(inbox.room, 63);
    taking.abort();
  });

  test('failure_comesAfterAllMessages', async () => {
    const inbox = new Inbox(undefined);
    const { signal } = new AbortController();
    inbox.offer(message('a'));
    inbox.fail(new RelayError('superseded', ''));

    assert.equal((await inbox.take(signal))?.id, 'a');
    await assert.rejects(inbox.take(signal), { code: 'superseded' });
  });

  function message(id: string) {
    return { id, cursor: `c-${id}`, type: 't', createdAt: '', data: {} };
  }
});

describe('errors', () => {
  test('retryAfter_isReadAsSecondsAndAsDate', () => {
    const of = (value: string): number | undefined =>
      retryAfterMillis(new Response('', { headers: { 'Retry-After': value } }));
    assert.equal(of('3'), 3000);
    assert.equal(of('soon'), undefined);
    assert.equal(of('Thu, 01 Jan 1970 00:00:00 GMT'), undefined);
    const inAnHour = of(new Date(Date.now() + 3_600_000).toUTCString());
    assert.ok(inAnHour !== undefined && inAnHour > 3_500_000);
  });

  test('page_ofAProxyIsNoProblemOfTheRelay', async () => {
    const error = await responseError(new Response('<html>', { status: 502 }));
    assert.equal(error.code, 'http-502');
    assert.equal(error.problem, undefined);
    assert.ok(isTransient(error));
  });
});

describe('browser', () => {
  test('online_andAVisiblePage_wake', () => {
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
    const globals = globalThis as unknown as Record<string, unknown>;
    globals['addEventListener'] = window.addEventListener.bind(window);
    globals['removeEventListener'] = window.removeEventListener.bind(window);
    globals['document'] = document;
    const woken: boolean[] = [];
    const stop = defaultRuntime().onWake((isNewNetwork) => woken.push(isNewNetwork));
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    document.visibilityState = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    stop();
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    ['addEventListener', 'removeEventListener', 'document'].forEach((name) => delete globals[name]);

    assert.deepEqual(woken, [true, false]);
  });
});

describe('watched', () => {
  test('silence_abortsAndFails', async () => {
    const runtime = new FakeRuntime();
    let inner: AbortSignal | undefined;
    const run = watched(runtime, new AbortController().signal, 100, async (signal, alive) => {
      inner = signal;
      runtime.setTimeout(() => alive(500), 50);
      await new Promise(() => {});
    });
    const failed = assert.rejects(run, { code: 'stalled' });
    await runtime.advance(549);
    assert.equal(inner?.aborted, false);
    await runtime.advance(1);
    await failed;
    assert.equal(inner?.aborted, true);
  });

  test('abort_endsWorkThatDoesNotListen', async () => {
    const parent = new AbortController();
    const run = watched(new FakeRuntime(), parent.signal, 100, () => new Promise(() => {}));
    parent.abort();
    await assert.rejects(run);
    await settle();
  });
});
