// The page's phone when its node is killed: node other-node.mjs <its address>. Prints the number of the node that is to be killed.
import assert from 'node:assert/strict';
import { launch, Playground } from './page.mjs';

const [, , url] = process.argv;
const browser = await launch();
try {
  const page = await Playground.open(await browser.newContext(), url);
  await page.press('connect');
  await page.says('phone-state', /does not know this device/);
  page.reported(/status of 404/);
  await page.press('register');
  await page.says('phone-state', /^registered$/);
  await page.connect('auto', /connected by WebSocket to node \d/);
  await page.receive();
  page.reported();

  const first = await node(page);
  console.log(first);
  await page.says('phone-state', new RegExp(`connected by .* to node [^${first}]`));
  await page.press('send');
  await page.says('sent', /answered 200/);
  await page.counts('messages received', 2);
  await page.counts('messages acknowledged', 2);
  await page.counts(`answered by node ${await node(page)}`, 2);
  await page.press('call');
  await page.counts('calls answered', 1);
  // What the browser itself says of a server that is not there, or not ready yet.
  page.reported(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 503|WebSocket connection .* failed/);

  await page.choose('nodes', 'turns');
  await page.press('disconnect');
  await page.says('phone-state', /not connected/);
  await page.connect('longpoll', /connected by long polling to node/);
  for (let message = 0; message < 6; message++) {
    await page.receive();
  }
  await page.counts('messages acknowledged', 8);
  assert.ok((await page.counter('answered by node 2')) > 2 && (await page.counter('answered by node 3')) > 2);
} finally {
  await browser.close();
}

/** The node that the phone is connected to. */
async function node(page) {
  return /to node (\d)/.exec(await page.tab.textContent('#phone-state'))[1];
}
