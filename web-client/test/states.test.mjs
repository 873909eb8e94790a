// When something is missing: what the page says of it, and that it goes on by itself when it is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, axe, BASE, nothingWentWrong, open } from './visitor.mjs';

test('a server with no model loaded says so wherever one is needed, and goes on when it has one', async () => {
  const page = await open('/help');
  const none = (route) => route.fulfill({ json: { items: [], next: null } });
  await page.route('**/api/models', none);
  await page.goto(`${BASE}/models`);
  await page.getByText('No model is loaded at the moment').waitFor();
  await page.goto(`${BASE}/digits`);
  await page.getByRole('alert').filter({ hasText: 'no model loaded that reads digits' }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Read it' }).isDisabled());
  await page.goto(BASE);
  await page.getByRole('alert').filter({ hasText: 'no language model loaded at the moment' }).waitFor();
  await page.getByLabel('Your question').fill('What is 2 + 6?');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 2 + 6?');
  assert.equal(await page.locator('.exchange').count(), 0, 'nothing is sent to no model');
  assert.deepEqual(await axe(page), []);
  await page.unroute('**/api/models');
  await page.locator('.model', { hasText: 'opml-tiny' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.keyboard.press('Enter');
  await page.locator('.exchange .answer', { hasText: '8' }).waitFor();
  await page.goto(`${BASE}/digits`);
  await page.getByRole('button', { name: 'Read it', disabled: false }).waitFor();
  await page.context().close();
});

test('an answer whose model was away can be verified when it is back', async () => {
  const page = await open('/');
  await ask(page, 'What is 2 + 8?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  const verify = page.getByRole('button', { name: 'Verify in my browser' });
  for (const [away, said] of [[(route) => route.fulfill({ json: { items: [], next: null } }), 'does not have the model loaded'], [(route) => route.abort('connectionrefused'), 'The server does not answer']]) {
    await page.route('**/api/models', away);
    await page.reload();
    await page.locator('.verify', { hasText: said }).waitFor();
    assert.ok(await verify.isDisabled());
    await page.unroute('**/api/models');
    await page.locator('.verify', { hasText: 'downloads' }).waitFor();
    assert.ok(!(await verify.isDisabled()));
  }
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  await page.context().close();
});

test('when a verification lacks the server or memory, it is said what to do', async () => {
  const page = await open('/');
  await ask(page, 'What is 4 + 8?');
  const gone = (route) => route.abort('connectionrefused');
  const noMemory = async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `WebAssembly.Memory = class { constructor() { throw new RangeError('no'); } };\n${await response.text()}` });
  };
  for (const [part, away, said] of [
    ['**/weights', gone, 'The server does not answer: try again'],
    ['**/app/worker.js', gone, 'The server does not answer: try again'],
    ['**/app/worker.js', noMemory, 'of memory left, which the model needs here: close other tabs'],
  ]) {
    await page.route(part, away);
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    await page.getByRole('alert').filter({ hasText: said }).waitFor();
    await page.unroute(part, away);
  }
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.good').waitFor();
  await page.context().close();
});

test('a receipt whose window is open for days is seldom asked for', async () => {
  const page = await open('/');
  await ask(page, 'What is 5 + 8?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  let asked = 0;
  await page.route('**/api/receipts/*', async (route) => {
    asked++;
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), status: 'ANCHORED', windowEndsAt: new Date(Date.now() + 7 * 24 * 3600_000).toISOString() } });
  });
  await page.clock.install();
  await page.reload();
  await page.locator('.ladder', { hasText: 'Challenge window' }).waitFor();
  assert.equal(asked, 1);
  await page.clock.runFor(300_000);
  assert.equal(asked, 1, 'not in five minutes');
  await page.clock.runFor(400_000);
  assert.equal(asked, 2, 'but in twelve');
  await page.context().close();
});

test('who is offline is told that it is they', async () => {
  const page = await open('/receipts');
  await page.locator('opml-chain-status', { hasText: 'block' }).waitFor();
  await page.context().setOffline(true);
  await page.locator('opml-chain-status', { hasText: 'you are offline' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'This device is offline' }).waitFor();
  await page.context().setOffline(false);
  await page.locator('opml-chain-status', { hasText: 'block' }).waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.context().close();
});

test('a page whose script does not arrive says what can be done; one that starts never does', async () => {
  const page = await open('/help');
  assert.equal(await page.locator('.late').count(), 0);
  await page.route('**/app/main.js', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByText('This page does not start').waitFor();
  await page.context().close();
});

nothingWentWrong();
