// A person at the page: real Chromium against a running server (BASE), and what each of these files does with it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch } from './chromium.mjs';

export const BASE = process.env.BASE;
assert.ok(BASE, 'set BASE to the address of a running server');
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SHOTS = process.env.SHOTS;
const LONG = 15_000;

let browser;
const problems = [];

before(async () => {
  browser = await launch();
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});
after(() => browser?.close());

export async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LONG);
  page.on('pageerror', (e) => problems.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
  await page.goto(BASE + path);
  return page;
}

export async function axe(page) {
  // In an isolated world, as an extension would: the page's own policy forbids inline scripts.
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send('Page.getFrameTree');
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  await client.send('Runtime.evaluate', { expression: AXE, contextId: executionContextId });
  const { result } = await client.send('Runtime.evaluate', {
    expression: 'axe.run().then((r) => JSON.stringify(r.violations.map((v) => [v.impact, v.id, v.nodes[0].html])))',
    contextId: executionContextId,
    awaitPromise: true,
  });
  return JSON.parse(result.value);
}

export async function ask(page, question) {
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
}

/** Waits for something that the page has to be asked for; `waitForFunction` takes a promise for true. */
export async function until(page, holds, arg) {
  for (const end = Date.now() + LONG; !(await page.evaluate(holds, arg)); await page.waitForTimeout(100)) {
    assert.ok(Date.now() < end, `not so after a minute: ${holds}`);
  }
}

/** Shows a conversation as this browser would have kept it. */
export async function show(page, ...exchanges) {
  const done = { phase: 'done', tokens: 1, tokensPerSecond: 1, settings: 'temperature 0' };
  const chat = { id: '12345678', at: 1, exchanges: exchanges.map((x) => ({ ...done, ...x })) };
  await page.evaluate((kept) => localStorage.setItem('opml.chat.12345678', JSON.stringify(kept)), chat);
  await page.goto(`${BASE}/chats/12345678`);
  await page.locator('.answer').first().waitFor();
}

/** The server's answers changed on their way to the page. */
export async function changed(page, pattern, change) {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

export async function shoot(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** The last test of a file. */
export function nothingWentWrong() {
  test('no script or policy error was seen', () => {
    const real = problems.filter((p) => !/status of (404|400|503)|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_UNSAFE_PORT/.test(p));
    assert.deepEqual(real, []);
  });
}
