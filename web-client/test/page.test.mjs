// The page in real Chromium against a running server (BASE): asks, verifies, catches a liar; keyboard, small screens, axe.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE;
assert.ok(BASE, 'set BASE to the address of a running server');
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SHOTS = process.env.SHOTS;
const LONG = 120_000;

let browser;
const problems = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.OPML_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});
after(() => browser?.close());

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LONG);
  page.on('pageerror', (e) => problems.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
  await page.goto(BASE + path);
  return page;
}

async function axe(page) {
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
  return JSON.parse(result.value).filter(([impact]) => impact === 'serious' || impact === 'critical');
}

async function ask(page, question) {
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
}

test('a prompt is answered, gets a receipt and is verified in the browser', async () => {
  const page = await open('/');
  await ask(page, 'What is 12 + 30?');
  assert.match(await page.locator('.exchange .answer').innerText(), /42/);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.locator('.ladder li.now', { hasText: 'Challenge window' }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  const verdict = page.locator('.verdict.good');
  await verdict.waitFor();
  assert.match(await verdict.innerText(), /The answer is right/);
  assert.match(await verdict.innerText(), /anchored on chain/);
  assert.deepEqual(await axe(page), []);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/answer-1280.png`, fullPage: true });
  await page.context().close();
});

test('a changed answer is found out', async () => {
  const page = await open('/');
  await page.route('**/api/receipts/*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (body.output) body.output = body.output.replace(/..$/, (x) => (x === '21' ? '22' : '21'));
    await route.fulfill({ response, json: body });
  });
  await ask(page, 'What is 3 + 4?');
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.bad').waitFor();
  await page.context().close();
});

for (const liar of ['proposer', 'challenger']) {
  test(`a lying ${liar} is caught, move by move, and the disputed step is checked here`, async () => {
    const page = await open('/games');
    await page.getByLabel('Liar').selectOption(liar);
    await page.getByRole('button', { name: 'Catch a liar' }).click();
    await page.waitForURL('**/games/0x*');
    const winner = liar === 'proposer' ? 'challenger' : 'proposer';
    await page.locator('.badge', { hasText: `${winner} won` }).waitFor();
    assert.ok((await page.locator('table.moves tbody tr').count()) > 10, 'every move is listed');
    if (liar === 'proposer') {
      await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
      await page.locator('.verdict', { hasText: 'The claimed state is wrong' }).waitFor();
      const words = await page.locator('opml-step-panel').innerText();
      const milliseconds = Number(/Executed here in ([0-9.]+) ms/.exec(words)[1]);
      console.log(`step verified in ${milliseconds} ms`);
    }
    assert.deepEqual(await axe(page), []);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/game-${liar}-1280.png`, fullPage: true });
    await page.context().close();
  });
}

for (const width of [320, 768, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`pages fit ${width} px, ${colorScheme}, and axe finds nothing serious`, async () => {
      const page = await open('/', { viewport: { width, height: 800 }, colorScheme });
      for (const [name, path] of [['ask', '/'], ['receipts', '/receipts'], ['games', '/games'], ['models', '/models']]) {
        await page.goto(BASE + path);
        await page.locator('h1').waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${path} is ${over} px too wide`);
        assert.deepEqual(await axe(page), [], path);
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
      await page.context().close();
    });
  }
}

test('everything can be reached and used by keyboard', async () => {
  const page = await open('/');
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content');
  await page.getByLabel('Your question').focus();
  await page.keyboard.type('What is 1 + 1?');
  await page.keyboard.press('Enter');
  await page.locator('.exchange .phase', { hasText: 'done' }).waitFor();
  await page.context().close();
});

test('an unknown receipt is a clear message', async () => {
  const page = await open(`/receipts/0x${'0'.repeat(64)}`);
  assert.match(await page.getByRole('alert').innerText(), /✗/);
  await page.context().close();
});

test('no script or policy error was seen', () => {
  const real = problems.filter((p) => !/status of 404/.test(p));
  assert.deepEqual(real, []);
});
