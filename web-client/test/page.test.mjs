// The page in real Chromium: asks, verifies, reads a digit; keyboard, small screens, axe.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from './chromium.mjs';
import { ask, axe, BASE, nothingWentWrong, open, shoot } from './visitor.mjs';

test('a prompt is answered, gets a receipt and is verified in the browser', async () => {
  const page = await open('/');
  await ask(page, 'What is 12 + 30?');
  assert.match(await page.locator('.exchange .answer').innerText(), /42/);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.locator('.ladder li.now', { hasText: /Challenge window \d?\d:\d\d left/ }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  const verdict = page.locator('.verdict.good');
  await verdict.waitFor();
  assert.match(await verdict.innerText(), /The answer is right/);
  const words = await verdict.innerText();
  assert.match(words, /anchored on chain/);
  assert.match(words, /Shown: request and answer on this page are those of the receipt/);
  assert.match(words, /Signature: made with the key of 0x/);
  assert.match(words, /Contracts: .* run the code that this page was built with/);
  assert.match(words, /Escrow: .* ETH lie behind/);
  assert.match(words, /Deadline: (anybody can challenge the receipt|the receipt could be challenged) until/);
  assert.match(words, /Challenges: nobody has challenged/);
  assert.match(words, /Trusted, not checked: the RPC endpoint/);
  assert.deepEqual(await axe(page), []);
  await shoot(page, 'answer-1280');
  await page.locator('summary', { hasText: 'Receipt 0x' }).click();
  assert.match(await page.locator('.asked').innerText(), /user What is 12 \+ 30\?/, 'what was committed is shown');
  await page.getByText('the model is in this browser already').waitFor();
  await page.getByLabel('every instruction in the virtual machine').check();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  const byMachine = page.locator('.verdict.good li', { hasText: 'instructions/s of the virtual machine' });
  await byMachine.waitFor();
  console.log((await byMachine.innerText()).replaceAll('\n', ' '));
  await page.goto(`${BASE}/models`);
  await page.getByRole('button', { name: 'Forget stored models' }).click();
  await page.getByRole('button', { name: 'Forgotten' }).waitFor();
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await page.context().close();
});

test('a drawn digit is read, gets a receipt and is verified in the virtual machine here', async () => {
  const page = await open('/digits');
  const area = await page.locator('canvas').boundingBox();
  const at = (x, y) => [area.x + x * area.width, area.y + y * area.height];
  await page.mouse.move(...at(0.52, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.48, 0.85), { steps: 8 });
  await page.mouse.up();
  const dark = () => page.locator('.digit canvas').evaluate((c) => [...c.getContext('2d').getImageData(140, 140, 1, 1).data, getComputedStyle(c).backgroundColor].join());
  const drawn = await dark();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await dark(), drawn, 'what is drawn is seen in every appearance');
  await page.getByRole('button', { name: 'Read it' }).click();
  await page.locator('.reading').waitFor();
  assert.equal(await page.locator('.reading').innerText(), '1');
  assert.equal(await page.locator('.shares meter').count(), 10);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  const verdict = page.locator('.verdict.good');
  await verdict.waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await page.locator('.reading').count(), 0);
  await page.goto(`${BASE}/receipts`);
  const row = page.locator('.rows li', { hasText: /1, \d+\.\d % sure/ }).first();
  await row.getByRole('img', { name: 'The drawn digit' }).click();
  await page.getByRole('heading', { name: 'Answer and receipt' }).waitFor();
  const ink = await page.locator('.question canvas').evaluate((c) => c.getContext('2d').getImageData(0, 0, 28, 28).data.filter((v, i) => i % 4 === 0 && v < 128).length);
  assert.ok(ink > 20 && ink < 300, `what was drawn is shown: ${ink} dark pixels`);
  await page.goto(`${BASE}/receipts`);
  const id = await row.locator('a').evaluate((a) => a.pathname.slice('/receipts/'.length));
  const box = page.getByLabel('Words of question or answer, or an id');
  await box.fill('0x12');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('alert').filter({ hasText: '64 hexadecimal digits' }).waitFor();
  await box.fill(` ${id.toUpperCase().replace('X', 'x')} `);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/receipts/${id}`);
  await page.context().close();
});

for (const width of [320, 768, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`pages fit ${width} px, ${colorScheme}, and axe finds nothing`, async () => {
      const page = await open('/', { viewport: { width, height: 800 }, colorScheme });
      for (const [name, path] of [['ask', '/'], ['digits', '/digits'], ['receipts', '/receipts'], ['games', '/games'], ['models', '/models'], ['chain', '/chain'], ['help', '/help'], ['chats', '/chats']]) {
        await page.goto(BASE + path);
        await page.locator('h1').waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${path} is ${over} px too wide`);
        assert.deepEqual(await axe(page), [], path);
        await shoot(page, `${name}-${width}-${colorScheme}`);
      }
      await page.context().close();
    });
  }
}

test('words on a receipt lead to what they mean, and back to where they were read', async () => {
  const page = await open('/', { viewport: { width: 1024, height: 700 } });
  await ask(page, 'What is 2 + 9?');
  await page.locator('summary', { hasText: 'Receipt 0x' }).click();
  await page.getByRole('link', { name: 'Input commitment' }).click();
  assert.equal(new URL(page.url()).hash, '#commitment');
  const word = page.locator('#commitment');
  await word.waitFor();
  await page.waitForFunction(() => document.getElementById('commitment').getBoundingClientRect().top < innerHeight);
  const [header, box] = await Promise.all([page.locator('header').boundingBox(), word.boundingBox()]);
  assert.ok(box.y >= header.height, 'the word is not behind the header');
  assert.match(await page.locator('#commitment + dd').innerText(), /32 bytes/);
  await page.goBack();
  await page.locator('.question', { hasText: '2 + 9' }).waitFor();
  await page.context().close();
});

test('the help page has a command that works, and the appearance chosen there stays', async () => {
  const page = await open('/help');
  const command = page.locator('pre');
  await command.filter({ hasText: 'opml-tiny' }).waitFor();
  const [, address, body] = /curl (\S+) [^]*-d '([^']*)'/.exec(await command.innerText());
  const answer = await (await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json();
  assert.match(answer.choices[0].message.content, /Paris/);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByLabel('dark').check();
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.goto(BASE);
  assert.equal(await paper(), dark);
  await page.goto(`${BASE}/help`);
  await page.goto(`${BASE}/models`);
  await page.getByRole('article', { name: 'opml-tiny' }).getByRole('link', { name: 'Ask it' }).click();
  await page.locator('.model', { hasText: 'opml-tiny' }).waitFor();
  await page.goto(`${BASE}/help`);
  await page.getByLabel('system').check();
  assert.equal(await paper(), light);
  await page.getByRole('link', { name: 'try each call' }).click();
  await page.getByRole('heading', { name: /opML/ }).waitFor();
  await page.context().close();
});

test('on paper there are questions, answers and receipts, and no controls', async () => {
  const page = await open('/');
  await ask(page, 'What is 2 + 9?');
  await page.locator('.ladder').waitFor();
  await page.emulateMedia({ media: 'print' });
  for (const part of ['.question', '.answer', '.ladder']) assert.ok(await page.locator(part).isVisible(), part);
  for (const part of ['header', 'form.ask', '.tools', '.bar', '.verify button', '.verify label', '.verify .quiet']) assert.ok(!(await page.locator(part).first().isVisible()), part);
  await page.context().close();
});

test('a browser without WebAssembly GC is told what it lacks', async () => {
  const page = await open('/');
  await page.route('**/app/worker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `WebAssembly.validate = () => false;\n${await response.text()}` });
  });
  await ask(page, 'What is 3 + 3?');
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.getByRole('alert').filter({ hasText: 'this browser has no WebAssembly GC' }).waitFor();
  await page.context().close();
});

test('over plain HTTP from another machine, where browsers give less, it can be asked, copied and verified', async () => {
  const { port } = new URL(BASE);
  const browser = await launch([`--host-resolver-rules=MAP opml.test 127.0.0.1`]);
  const page = await (await browser.newContext()).newPage();
  // the server is not told that name: requests reach it under the one it knows
  await page.route('**', async (route) => {
    const url = new URL(route.request().url());
    const own = url.hostname === 'opml.test';
    const response = await route.fetch(own ? { url: `${BASE}${url.pathname}${url.search}`, headers: { ...route.request().headers(), origin: BASE } } : {});
    await route.fulfill({ response });
  });
  await page.goto(`http://opml.test:${port}/`);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await ask(page, 'What is 3 + 4?');
  await page.getByRole('button', { name: 'Copy answer' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).filter({ hasText: 'Copied' }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.good').waitFor();
  await browser.close();
});

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

test('who types while nothing has the focus types a question; shortcuts and the space bar stay what they are', async () => {
  const page = await open('/help');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  const box = page.getByLabel('Your question');
  await box.waitFor();
  for (const key of ['Control+a', 'Alt+b', ' ', 'ArrowDown']) await page.keyboard.press(key);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await page.keyboard.type('What is 1 + 2?');
  assert.equal(await box.inputValue(), 'What is 1 + 2?');
  await page.locator('summary', { hasText: 'Options' }).focus();
  await page.keyboard.press('x');
  assert.equal(await box.inputValue(), 'What is 1 + 2?', 'a control keeps its keys');
  await page.context().close();
});

test('every answer can be reached in the list, page by page', async () => {
  const page = await open('/');
  const receipt = (n) => ({ id: `0x${n}`, input: `0x${'00'.repeat(32)}`, text: `answer ${n}`, status: 'FINAL', model: 'm', createdAt: '2026-01-01T00:00:00Z' });
  await page.route('**/api/receipts*', (route) => {
    const cursor = new URL(route.request().url()).searchParams.get('cursor');
    return route.fulfill({ json: cursor ? { items: [receipt(2), receipt(1)], next: null } : { items: [receipt(3), receipt(2)], next: '2' } });
  });
  await page.goto(`${BASE}/receipts`);
  await page.getByRole('button', { name: 'Show older' }).click();
  await page.locator('.rows li', { hasText: 'answer 1' }).waitFor();
  assert.equal(await page.locator('.rows li').count(), 3, 'none twice');
  assert.equal(await page.getByRole('button', { name: 'Show older' }).count(), 0);
  await page.context().close();
});

test('receipts are found by words, model and state, and the address says which', async () => {
  const page = await open('/');
  await ask(page, 'What is the capital of Kenya?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.goto(`${BASE}/receipts`);
  const box = page.getByLabel('Words of question or answer, or an id');
  const rows = page.locator('.rows li');
  const model = page.getByLabel('Model');
  await box.fill('nairobi KENYA');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/receipts?text=nairobi+KENYA');
  await rows.filter({ hasNotText: 'Kenya' }).first().waitFor({ state: 'detached' });
  await rows.first().waitFor();
  assert.ok((await rows.allInnerTexts()).every((text) => text.includes('Kenya') && text.includes('Nairobi')));
  await model.selectOption('opml-digits');
  await page.getByText('No receipt is like that.').waitFor();
  await model.selectOption('opml-tiny');
  await rows.first().waitFor();
  assert.deepEqual(await axe(page), []);
  await rows.first().getByRole('link').click();
  await page.getByRole('heading', { name: 'Answer and receipt' }).waitFor();
  await page.goBack();
  await rows.first().waitFor();
  assert.deepEqual([await box.inputValue(), await model.inputValue()], ['nairobi KENYA', 'opml-tiny']);
  await page.getByLabel('State').selectOption('overturned');
  await page.getByRole('button', { name: 'Show all' }).click();
  await rows.nth(1).waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.deepEqual([await box.inputValue(), await model.inputValue()], ['', '']);
  assert.equal(await page.evaluate(() => document.activeElement.name), 'text');
  await page.locator('#announcer', { hasText: /^\d+ receipts$/ }).waitFor({ state: 'attached' });
  // a search that the server has not brought to its end goes on by itself, and then when it is told to
  const asked = [];
  await page.route('**/api/receipts?*', (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('cursor'));
    return route.fulfill({ json: { items: [], next: String(1000 - asked.length) } });
  });
  await box.fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByText('No receipt among the newest is like that.').waitFor();
  assert.deepEqual(asked, [null, '999', '998', '997', '996']);
  await page.getByRole('button', { name: 'Show older' }).click();
  await page.waitForRequest((r) => r.url().endsWith('cursor=991'));
  await page.context().close();
});

test('an address of nothing is told on the page', async () => {
  const page = await open('/nowhere');
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  await page.context().close();
});

test('an unknown receipt is a clear message', async () => {
  const page = await open(`/receipts/0x${'0'.repeat(64)}`);
  assert.match(await page.getByRole('alert').innerText(), /✗/);
  await page.getByRole('link', { name: 'All receipts' }).click();
  await page.getByRole('heading', { name: 'Receipts' }).waitFor();
  await page.context().close();
});

nothingWentWrong();
