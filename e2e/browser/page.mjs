// The playground's page in Chromium, and what is done on it, by mouse or by keyboard alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TIMEOUT_MILLIS = 60_000;

export function launch() {
  return chromium.launch({
    executablePath: process.env.RELAY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** One tab. Everything that the browser reports as an error is kept. */
export class Playground {
  errors = [];

  constructor(tab) {
    this.tab = tab;
    tab.setDefaultTimeout(TIMEOUT_MILLIS);
    tab.on('pageerror', (error) => this.errors.push(`${error}`));
    tab.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') {
        this.errors.push(line.text());
      }
    });
  }

  static async open(context, url) {
    const page = new Playground(await context.newPage());
    await page.tab.goto(url);
    await page.isReady();
    return page;
  }

  async isReady() {
    await this.tab.waitForSelector('body[data-ready]');
  }

  /** Waits until the simulator watches Kafka, which it begins at the first visit. */
  async watchesKafka() {
    for (let visits = 0; visits < 12 && (await this.tab.textContent('#notice')) !== ''; visits++) {
      await this.tab.reload();
      await this.isReady();
    }
    assert.equal(await this.tab.textContent('#notice'), '');
  }

  async press(id) {
    await this.tab.click(`#${id}`);
  }

  async choose(id, value) {
    await this.tab.selectOption(`#${id}`, value);
  }

  /** Waits until the element's text matches. */
  async says(id, pattern) {
    const text = this.tab.locator(`#${id}`);
    try {
      await text.filter({ hasText: pattern }).waitFor();
    } catch (error) {
      throw new Error(`#${id} should say ${pattern}, and says: ${await text.textContent()}`, { cause: error });
    }
    return text.textContent();
  }

  async counter(name) {
    return Number(await this.tab.textContent(`[data-counter="${name}"]`));
  }

  /** Waits until a counter has at least this value. */
  async counts(name, value) {
    await this.tab.waitForFunction(
      ([name, value]) => Number(document.querySelector(`[data-counter="${name}"]`)?.textContent) >= value,
      [name, value],
    );
  }

  /** Sends a webhook, and waits until the phone has one message more. */
  async receive() {
    const before = await this.counter('messages received');
    await this.press('send');
    await this.counts('messages received', before + 1);
  }

  async connect(transport, pattern) {
    await this.choose('transport', transport);
    await this.press('connect');
    await this.says('phone-state', pattern);
  }

  /** Waits until the newest way, as its text says it, matches all patterns. */
  async way(...patterns) {
    const newest = this.tab.locator('#ways > li').first();
    for (const pattern of patterns) {
      try {
        await newest.filter({ hasText: pattern }).waitFor();
      } catch (error) {
        throw new Error(`the newest way should have ${pattern}, and is: ${await newest.textContent()}`, { cause: error });
      }
    }
  }

  /** The element gets the focus by the tabulator key alone. */
  async tabTo(id) {
    for (let presses = 0; presses < 80; presses++) {
      if ((await this.tab.evaluate(() => document.activeElement?.id)) === id) {
        return;
      }
      await this.tab.keyboard.press('Tab');
    }
    throw new Error(`the tabulator key does not come to ${id}`);
  }

  async pressByKey(id) {
    await this.tabTo(id);
    await this.tab.keyboard.press('Enter');
  }

  /** Nothing that axe finds wrong, and nothing wider than the window. */
  async isAccessible(when) {
    await this.tab.evaluate(AXE);
    const { violations } = await this.tab.evaluate(() => globalThis.axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
    assert.deepEqual(found, [], `axe, ${when}`);
    const excess = await this.tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(excess <= 0, `${when}: the page is ${excess} px wider than the window`);
  }

  /** The errors until now were of these kinds and no others. */
  reported(...expected) {
    const unexpected = this.errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
    assert.deepEqual(unexpected, []);
    this.errors = [];
  }
}
