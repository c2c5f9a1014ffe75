// The page's phone while no node runs: node restart.mjs <its address>. Prints a line when the nodes are to be killed, and one
// when they are to be started again.
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
  await page.connect('auto', /connected by WebSocket/);
  await page.receive();
  page.reported();

  console.log('kill');
  await page.says('phone-state', /next attempt/);
  await page.press('send');
  await page.says('sent', /answered 200/);
  console.log('start');
  await page.counts('messages received', 2);
  await page.counts('messages acknowledged', 2);
  await page.says('phone-state', /connected by/);
  // What the browser itself says of a server that is not there, or not ready yet.
  page.reported(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 503|WebSocket connection .* failed/);
} finally {
  await browser.close();
}
