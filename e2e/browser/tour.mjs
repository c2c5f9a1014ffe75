// Tours the playground's page: node tour.mjs <its address>. With SCREENSHOTS=<folder> it leaves two pictures there.
import assert from 'node:assert/strict';
import { launch, Playground } from './page.mjs';

const [, , url] = process.argv;
const folder = process.env.SCREENSHOTS;
const REFUSED = /status of 401/;

const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, colorScheme: 'light' });
  await step('messages over each transport, with their way', () => messages(context));
  await step('calls, held and failed', () => calls(context));
  await step('trouble', () => trouble(context));
  await step('a second tab takes over', () => secondTab(context));
  await context.close();
  await step('dark and light, wide and narrow', looks);
  await step('by keyboard alone', keyboard);
} finally {
  await browser.close();
}

async function step(name, run) {
  const began = performance.now();
  await run();
  console.log(`${name}: ${Math.round(performance.now() - began)} ms`);
}

async function registered(context) {
  const page = await Playground.open(context, url);
  await page.press('register');
  await page.says('phone-state', /^registered$/);
  return page;
}

async function messages(context) {
  const page = await registered(context);
  await page.watchesKafka();
  await page.connect('auto', /connected by WebSocket/);
  await page.receive();
  await page.way(/ncw\.device\.events, partition \d+, offset \d+/, /message by WebSocket/, /acknowledgement stored/, /ms to the app/);

  for (const [transport, text] of [['sse', 'server-sent events'], ['longpoll', 'long polling'], ['websocket', 'WebSocket']]) {
    await page.press('disconnect');
    await page.says('phone-state', /not connected/);
    await page.connect(transport, new RegExp(`connected by ${text}`));
    await page.receive();
    await page.way(new RegExp(`message by ${text}`));
  }

  await page.tab.uncheck('#auto-ack');
  await page.receive();
  await page.tab.click('#messages button');
  await page.says('messages', /acknowledged and stored/);
  await page.tab.check('#auto-ack');

  const before = await page.counter('messages received');
  await page.press('send-twice');
  await page.says('sent', /answered 200 .*the same again: answered 200/);
  await page.way(/message by WebSocket/);
  await page.press('send-forged');
  await page.says('sent', /answered 401/);
  await page.way(/signature forged/, /401/);
  await page.choose('version', 'v1');
  await page.choose('type', 'NCW_DEVICE_MESSAGE');
  await page.receive();
  await page.way(/NCW_DEVICE_MESSAGE/, /partition \d+/);
  assert.equal(await page.counter('messages received'), before + 2, 'the repeated and the forged webhook are no messages');
  await page.choose('version', 'v2');
  page.reported();
  await page.tab.close();
}

async function calls(context) {
  const page = await registered(context);
  await page.connect('auto', /connected by WebSocket/);
  await page.press('call');
  await page.says('calls', /answered in/);
  await page.says('calls', /simulated/);
  await page.way(/ncw\.rpc\.requests, partition/, /invoke, signed/, /ANSWERED: ncw\.rpc\.replies, partition/, /ms to the answer/);

  await page.choose('answer', 'hold');
  await page.press('set-answer');
  await page.says('answer-state', /held for 10 s/);
  await page.tab.fill('#payload', '{"method":"any","text":"ü"}');
  await page.press('call');
  await page.way(/held for 10000 ms/);
  await page.receive();
  await page.says('calls', /answered in 1\d\.\d s/);
  page.reported();

  await page.choose('answer', 'error');
  await page.press('set-answer');
  await page.says('answer-state', /error of Fireblocks/);
  await page.press('call');
  await page.says('calls', /Unexpected physicalDeviceId/);
  await page.choose('answer', '429');
  await page.press('set-answer');
  await page.press('reset-answer');
  await page.says('answer-state', /as usual/);
  page.reported();
  await page.tab.close();
}

async function trouble(context) {
  const page = await registered(context);
  await page.connect('auto', /connected by WebSocket/);
  const before = await page.counter('messages received');
  await page.press('offline');
  await page.says('phone-state', /next attempt/);
  await page.press('send');
  await page.says('sent', /answered 200/);
  assert.equal(await page.counter('messages received'), before);
  await page.press('offline');
  await page.counts('messages received', before + 1);
  page.reported();

  await page.press('cut');
  await page.receive();
  page.reported();

  await page.press('expire');
  await page.counts('tokens refused', 1);
  await page.receive();
  page.reported(REFUSED);
  await page.tab.close();
}

async function secondTab(context) {
  const first = await registered(context);
  await first.connect('auto', /connected by WebSocket/);
  const opened = context.waitForEvent('page');
  await first.press('second');
  const second = new Playground(await opened);
  await second.isReady();
  await second.says('phone-state', /connected by WebSocket/);
  await first.says('phone-state', /superseded/);
  await second.receive();
  const device = await second.tab.textContent('#device');
  assert.equal(await first.tab.textContent('#device'), device);
  await second.press('renew');
  await second.isReady();
  await second.tab.waitForFunction((old) => document.getElementById('device').textContent !== old, device);
  first.reported();
  second.reported();
}

async function looks() {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, colorScheme });
    const page = await registered(context);
    await page.isAccessible(`${colorScheme}, empty`);
    await page.connect('auto', /connected by WebSocket/);
    await page.tab.uncheck('#auto-ack');
    await page.receive();
    await page.press('send-forged');
    await page.way(/signature forged/);
    await page.press('call');
    await page.way(/ms to the answer/);
    await page.isAccessible(`${colorScheme}, wide`);
    if (folder && colorScheme === 'light') {
      await picture(page);
    }
    await page.tab.setViewportSize({ width: 360, height: 780 });
    await page.isAccessible(`${colorScheme}, as wide as a phone`);
    if (folder && colorScheme === 'dark') {
      await page.tab.locator('.ways').scrollIntoViewIfNeeded();
      await page.tab.screenshot({ path: `${folder}/playground-phone.png` });
    }
    page.reported();
    await context.close();
  }
}

/** With some more to see, once the node is warm. */
async function picture(page) {
  await page.tab.check('#auto-ack');
  for (let round = 1; round <= 12; round++) {
    await page.receive();
    await page.press('call');
    await page.counts('calls answered', round + 1);
  }
  await page.press('send-forged');
  await page.way(/401/);
  await page.receive();
  await page.way(/acknowledgement stored/);
  await page.tab.evaluate(() => document.activeElement?.blur());
  await page.tab.screenshot({ path: `${folder}/playground.png`, fullPage: true });
}

async function keyboard() {
  const context = await browser.newContext();
  const page = await Playground.open(context, url);
  await page.pressByKey('register');
  await page.says('phone-state', /^registered$/);
  await page.tabTo('transport');
  await page.tab.keyboard.press('s');
  await page.pressByKey('connect');
  await page.says('phone-state', /connected by server-sent events/);
  await page.tabTo('auto-ack');
  await page.tab.keyboard.press('Space');
  await page.tabTo('payload');
  await page.tab.keyboard.press('Control+a');
  await page.tab.keyboard.type('{"method":"typed"}');
  await page.pressByKey('call');
  await page.says('calls', /answered in/);
  await page.pressByKey('send');
  await page.counts('messages received', 1);
  await page.tab.keyboard.press('Control+Home');
  await page.tabTo('auto-ack');
  await page.tabTo('messages');
  await page.tab.keyboard.press('Tab');
  await page.tab.keyboard.press('Enter');
  await page.says('messages', /acknowledged and stored/);
  await page.pressByKey('offline');
  await page.says('phone-state', /next attempt/);
  await page.pressByKey('offline');
  await page.says('phone-state', /connected by server-sent events/);
  await page.pressByKey('send-forged');
  await page.says('sent', /answered 401/);
  await page.pressByKey('cut');
  await page.pressByKey('disconnect');
  await page.says('phone-state', /not connected/);
  page.reported();
  await context.close();
}
