// Conversations on the page.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { keccak_256 } from '@noble/hashes/sha3';
import { ask, axe, BASE, nothingWentWrong, open, show, until } from './visitor.mjs';

test('a conversation is sent with the next question, kept over a reload, edited and cleared', async () => {
  const page = await open('/');
  const sent = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/api/prompts') && sent.push(r.postDataJSON().messages));
  await ask(page, 'What is 1 + 2?');
  await page.locator('summary', { hasText: 'Options' }).click();
  await page.getByLabel('send the conversation so far').check();
  await ask(page, 'What is 2 + 2?');
  assert.equal(sent[1].length, 3, 'question, answer, question');
  assert.deepEqual(sent[1].map((m) => m.role), ['user', 'assistant', 'user']);
  assert.match(sent[1][1].content, /3/);
  await page.reload();
  assert.equal(await page.locator('.exchange').count(), 2);
  await page.getByRole('button', { name: 'Edit question' }).last().click();
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 2 + 2?');
  assert.equal(await page.locator('.exchange').count(), 2, 'nothing is lost before it is asked again');
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.locator('.replaced').count(), 0);
  await page.getByRole('button', { name: 'Edit question' }).first().click();
  assert.equal(await page.locator('.replaced').count(), 2);
  await page.getByLabel('Your question').fill('What is 3 + 4?');
  await page.keyboard.press('Enter');
  await page.locator('.replaced').first().waitFor({ state: 'detached' });
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.deepEqual(await page.locator('.question').allInnerTexts(), ['What is 3 + 4?']);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.equal(await page.locator('.exchange').count(), 1);
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.reload();
  await page.locator('.examples').waitFor();
  assert.equal(await page.locator('.exchange').count(), 0);
  await page.context().close();
});

test('every chat has an address, is found again, saved as a file, deleted and brought back', async () => {
  const page = await open('/');
  await ask(page, 'What is 1 + 2?');
  const first = page.url();
  assert.match(first, /\/chats\/[0-9a-f]{8}$/);
  await page.getByRole('button', { name: 'New chat' }).click();
  assert.equal(new URL(page.url()).pathname, '/');
  await ask(page, 'What is the capital of Peru?');
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  assert.deepEqual(await page.locator('.question').allInnerTexts(), ['What is the capital of Peru?'], 'the conversation goes on');
  assert.match(await page.title(), /^What is the capital of Peru\?/);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.locator('.question', { hasText: '1 + 2' }).waitFor();
  assert.equal(page.url(), first);
  await page.getByRole('link', { name: 'All chats' }).click();
  assert.equal(await page.locator('.rows li').count(), 2);
  await page.getByLabel('Find').fill('PERU capital');
  assert.deepEqual(await page.locator('.rows a').allInnerTexts(), ['What is the capital of Peru?']);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: /Save .* as a file/ }).click();
  const text = readFileSync(await (await file).path(), 'utf8');
  assert.match(text, /^## What is the capital of Peru\?\n\n.*Lima[^]*receipt 0x[0-9a-f]{64}/);
  await page.getByRole('button', { name: /Delete/ }).click();
  await page.getByText('No chat holds these words.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Undo');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.matches('.rows a')); // what was brought back has the focus
  await page.getByLabel('Find').fill('');
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.getByText('2 chats deleted.').waitFor();
  assert.equal(await page.locator('.rows li').count(), 0);
  await page.keyboard.press('Enter');
  await page.locator('.rows li').nth(1).waitFor();
  await page.waitForFunction(() => document.activeElement.matches('.rows a'));
  await page.locator('.rows a', { hasText: 'Peru' }).click();
  assert.match(await page.locator('.answer').innerText(), /Lima/);
  await page.goto(`${BASE}/chats/00000000`);
  await page.getByText('does not keep the chat').waitFor();
  await page.getByRole('heading', { name: 'Earlier chats' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test('two tabs do not disturb each other, with a chat each and with the same, and a full store drops the oldest chat first', async () => {
  const page = await open('/');
  await ask(page, 'What is 1 + 2?');
  const other = await page.context().newPage();
  await other.goto(BASE);
  await ask(other, 'What is 4 + 4?');
  await ask(page, 'What is 2 + 2?');
  const questions = (tab) => tab.locator('.question').allInnerTexts();
  await other.reload();
  await page.reload();
  assert.deepEqual([await questions(page), await questions(other)], [['What is 1 + 2?', 'What is 2 + 2?'], ['What is 4 + 4?']]);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await ask(page, 'What is 3 + 3?');
  await second.locator('.question', { hasText: '3 + 3' }).waitFor();
  await ask(second, 'What is 5 + 5?');
  await page.locator('.question', { hasText: '5 + 5' }).waitFor();
  assert.equal(await page.locator('.exchange').count(), 4, 'one chat in two tabs loses nothing');
  await second.close();
  await page.evaluate(() => {
    const x = { question: 'old', text: 'x'.repeat(1_000_000), phase: 'done' };
    for (let i = 0; i < 4; i++) localStorage.setItem(`opml.chat.0000000${i}`, JSON.stringify({ id: `0000000${i}`, at: i, exchanges: [x] }));
    for (let size = 4_000_000; size >= 10; ) {
      try {
        localStorage.setItem(`filled.${Object.keys(localStorage).length}`, 'x'.repeat(size));
      } catch {
        size >>= 1;
      }
    }
  });
  await ask(page, 'Tell me a tale about a fox.');
  await ask(page, 'Tell me a tale about a cat.');
  const left = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('opml.chat.0000000')).sort());
  assert.deepEqual(left, ['opml.chat.00000001', 'opml.chat.00000002', 'opml.chat.00000003']);
  await page.reload();
  assert.equal(await page.locator('.exchange').count(), 6);
  await page.context().close();
});

/** Asks, and holds the question on its way to the server; what comes back lets it go on and waits for the answer. */
async function asksSlowly(page, question) {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route('**/api/prompts', async (route) => {
    await held;
    await route.continue();
  });
  const sent = page.waitForRequest('**/api/prompts');
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await sent;
  return async () => {
    const answered = page.waitForResponse('**/api/prompts');
    go();
    await answered;
    await page.unroute('**/api/prompts');
  };
}

test('two tabs that ask in one chat at the same moment keep both answers, and nothing deleted comes back', async () => {
  const page = await open('/');
  await ask(page, 'What is 1 + 2?');
  const other = await page.context().newPage();
  await other.goto(page.url());
  const shown = (tab, ...questions) =>
    tab.waitForFunction((all) => [...document.querySelectorAll('.exchange:has(.phase)')].map((e) => e.querySelector('.question').textContent.trim()).join() === all && document.querySelectorAll('.answer[aria-busy=true]').length === 0, questions.join());
  const kept = async () => {
    await until(page, () => navigator.locks.query().then((all) => all.held.length + all.pending.length === 0));
    return page.evaluate(() => Object.values(localStorage).filter((v) => v.startsWith('{')).flatMap((v) => JSON.parse(v).exchanges ?? []).map((x) => `${x.question} ${x.text}`).sort());
  };
  const first = await asksSlowly(page, 'What is 2 + 2?');
  const second = await asksSlowly(other, 'What is 3 + 3?');
  await Promise.all([first(), second()]);
  for (const tab of [page, other]) await shown(tab, 'What is 1 + 2?', 'What is 2 + 2?', 'What is 3 + 3?');
  assert.deepEqual(await kept(), ['What is 1 + 2? 1 + 2 = 3.', 'What is 2 + 2? 2 + 2 = 4.', 'What is 3 + 3? 3 + 3 = 6.']);
  await page.reload();
  await shown(page, 'What is 1 + 2?', 'What is 2 + 2?', 'What is 3 + 3?');

  const third = await asksSlowly(page, 'What is 4 + 4?');
  await other.getByRole('button', { name: 'Edit question' }).nth(1).click();
  await ask(other, 'What is 5 + 5?'); // in place of 2 + 2 and 3 + 3
  await third();
  for (const tab of [page, other]) await shown(tab, 'What is 1 + 2?', 'What is 4 + 4?', 'What is 5 + 5?');
  assert.deepEqual((await kept()).map((x) => x.slice(0, 13)), ['What is 1 + 2', 'What is 4 + 4', 'What is 5 + 5']);

  const fourth = await asksSlowly(page, 'What is 6 + 6?');
  await other.getByRole('link', { name: 'All chats' }).click();
  await other.getByRole('button', { name: /Delete/ }).click();
  await page.getByText('does not keep the chat').waitFor();
  await fourth();
  assert.deepEqual(await kept(), []);
  await other.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.question', { hasText: '5 + 5' }).waitFor();
  assert.equal((await kept()).length, 3);
  await page.context().close();
});

test('a tab whose page is older than one that was opened later asks and keeps nothing until it is loaded again', async () => {
  const page = await open('/');
  await ask(page, 'What is 1 + 2?');
  const chat = page.url();
  const other = await page.context().newPage();
  await other.goto(`${BASE}/chats`);
  await page.locator('.outdated').waitFor({ state: 'hidden' });
  await other.evaluate(() => localStorage.setItem('opml.build', 'newer'));
  await page.getByRole('alert').filter({ hasText: 'A newer version of this page' }).waitFor();
  await page.getByLabel('Your question').fill('What is 2 + 2?');
  await page.keyboard.press('Enter');
  const focus = () => page.evaluate(() => document.activeElement.textContent.trim());
  assert.equal(await focus(), 'Reload');
  await page.getByRole('button', { name: 'Ask again' }).click();
  assert.equal(await page.locator('.exchange').count(), 1);
  await page.getByRole('link', { name: 'All chats' }).click();
  await page.getByRole('button', { name: 'Delete What is 1 + 2?' }).click();
  assert.equal(await focus(), 'Reload');
  await page.goBack();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.waitForURL(chat);
  await page.locator('.exchange').waitFor();
  assert.equal(await page.locator('.outdated').count(), 0);
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 2 + 2?', 'what was typed is not lost');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.locator('.exchange:nth-child(2) .phase', { hasText: 'done' }).waitFor();
  await page.context().close();
});

test('a worker of another build than the page is no verifier of it', async () => {
  const page = await open('/');
  await page.route('**/app/worker.js', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const name = /"([0-9a-f]{16})"/.exec(text)[1];
    await route.fulfill({ response, body: text.replaceAll(name, '0'.repeat(16)) });
  });
  await ask(page, 'What is 1 + 2?');
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.getByRole('alert').filter({ hasText: 'The server has a newer version of this page: load this one again' }).waitFor();
  await page.context().close();
});

test('a verifier of another build than the page is not run, and all four files have part in the name of the page', async () => {
  const page = await open('/');
  await page.route('**/app/verifier.wasm', async (route) => {
    const response = await route.fetch();
    const named = Buffer.from([0, 2, 1, 0x61]); // a section without meaning: the module is as good as before
    await route.fulfill({ response, body: Buffer.concat([await response.body(), named]) });
  });
  await ask(page, 'What is 1 + 2?');
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.getByRole('alert').filter({ hasText: 'The server has a newer version of this page: load this one again' }).waitFor();
  await page.context().close();

  const get = async (file) => Buffer.from(await (await fetch(`${BASE}/app/${file}`)).arrayBuffer());
  const [main, worker] = await Promise.all(['main.js', 'worker.js'].map(async (file) => (await get(file)).toString()));
  const name = /"([0-9a-f]{16})"/.exec(worker)[1];
  assert.ok(main.includes(name));
  const without = (text) => text.replaceAll(name, '@build@');
  assert.equal(Buffer.from(keccak_256([main, worker].map(without).join())).toString('hex').slice(0, 16), name);
  for (const module of ['verifier.wasm', 'kernels.wasm']) assert.ok(worker.includes(createHash('sha256').update(await get(module)).digest('hex')), module);
});

test('going back to a chat shows its own receipts, and no verdict about another answer', async () => {
  const page = await open('/');
  await ask(page, 'What is 1 + 2?');
  const receipt = page.locator('opml-receipt-card a[href^="/receipts/"]').first();
  const own = await receipt.getAttribute('href');
  await page.getByRole('button', { name: 'New chat' }).click();
  await ask(page, 'What is the capital of Peru?');
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.good').first().waitFor();
  assert.notEqual(await receipt.getAttribute('href'), own);
  await page.goBack();
  await page.locator('.question', { hasText: '1 + 2' }).waitFor();
  assert.equal(await receipt.getAttribute('href'), own);
  assert.equal(await page.locator('.verdict').count(), 0);
  await page.context().close();
});

test('a new chat is new also after a first question that failed', async () => {
  const page = await open('/');
  await page.route('**/api/prompts', (route) => route.abort('connectionrefused'));
  await page.getByLabel('Your question').fill('What is 1 + 2?');
  await page.keyboard.press('Enter');
  await page.locator('.exchange .failure').waitFor();
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.locator('.examples').waitFor();
  assert.equal(await page.locator('.exchange').count(), 0);
  await page.context().close();
});

test('options are kept, reach the server, and leave the button in view on a small screen', async () => {
  const page = await open('/', { viewport: { width: 320, height: 568 } });
  const options = page.locator('summary', { hasText: 'Options' });
  await options.click();
  await page.getByLabel('Instruction to the model').fill('Answer in one word.');
  await page.getByLabel('Temperature').fill('0.5');
  await page.getByLabel('Seed').fill('18446744073709551615');
  const button = await page.getByRole('button', { name: 'Ask', exact: true }).boundingBox();
  assert.ok(button.y >= 0 && button.y + button.height <= 568, `the button is in view: ${JSON.stringify(button)}`);
  assert.deepEqual(await axe(page), []);
  await page.reload();
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/api/prompts'));
  await ask(page, 'What is 1 + 1?');
  const body = (await sent).postDataJSON();
  assert.deepEqual(body.messages.map((m) => [m.role, m.content]), [['system', 'Answer in one word.'], ['user', 'What is 1 + 1?']]);
  assert.deepEqual([body.temperature, body.seed], [0.5, '18446744073709551615']);
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.good').waitFor();
  await options.click();
  await page.getByRole('button', { name: 'Back to the standard options' }).click();
  assert.equal(await page.getByLabel('Temperature').inputValue(), '0');
  assert.equal(await page.getByLabel('Instruction to the model').inputValue(), '');
  await page.context().close();
});

test('a chat that is left while it is answered has its answer when it is opened again, and no other', async () => {
  const page = await open('/');
  let held = [];
  await page.route('**/events', (route) => held.push(route)); // no answer is heard of for a while
  await page.getByLabel('Your question').fill('Tell me a tale about a fox.');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/chats/*');
  const first = new URL(page.url()).pathname;
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.unroute('**/events');
  await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  await ask(page, 'What is 4 + 3?');
  assert.deepEqual(await page.locator('.question').allInnerTexts(), ['What is 4 + 3?']);
  await page.getByRole('link', { name: 'All chats' }).click();
  await page.locator(`a[href="${first}"]`).click();
  await page.locator('.exchange .phase', { hasText: 'done' }).waitFor();
  assert.deepEqual(await page.locator('.question').allInnerTexts(), ['Tell me a tale about a fox.']);
  assert.match(await page.locator('.answer').innerText(), /fox/);
  await page.goBack();
  await page.goBack();
  assert.deepEqual(await page.locator('.answer').allInnerTexts(), ['4 + 3 = 7.']);
  await page.context().close();
});

test('an answer that was cut off is asked for at twice the length, and begins the same', async () => {
  const page = await open('/');
  const options = page.locator('summary', { hasText: 'Options' });
  await options.click();
  await page.getByLabel('Longest answer, tokens').fill('8');
  await options.click();
  await ask(page, 'Tell me a tale about a fox.');
  const short = await page.locator('.answer').innerText();
  await page.getByRole('button', { name: 'Ask for twice the length' }).click();
  await page.locator('.phase', { hasText: 'done · 16 tokens' }).waitFor();
  const long = await page.locator('.answer').innerText();
  assert.ok(long.length > short.length && long.startsWith(short), `${short} | ${long}`);
  assert.equal(await page.locator('.exchange').count(), 1);
  await options.click();
  assert.equal(await page.getByLabel('Longest answer, tokens').inputValue(), '16');
  await page.context().close();
});

test('what is typed outlives a look at another page; keyboard focus is never lost', async () => {
  const page = await open('/');
  await page.getByLabel('Your question').fill('What is 6 + 6?');
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 6 + 6?');
  const focus = () => page.evaluate(() => document.activeElement.textContent.trim());
  await page.getByRole('button', { name: 'Ask', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.equal(await focus(), 'Ask');
  await page.getByRole('button', { name: 'Ask again' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'prompt');
  await page.route('**/weights', () => undefined); // so that there is time to cancel
  await page.getByRole('button', { name: 'Verify in my browser' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  assert.equal(await focus(), 'Cancel');
  await page.keyboard.press('Enter');
  await page.getByText('Cancelled: nothing is proved.').waitFor();
  assert.equal(await focus(), 'Verify in my browser');
  assert.equal(await page.getByRole('alert').count(), 0, 'cancelling is no failure');
  await page.context().close();
});

test('who has scrolled up is not moved, and one press leads to the latest answer', async () => {
  const page = await open('/', { viewport: { width: 768, height: 500 } });
  await show(page, { question: 'long', text: 'line\n\n'.repeat(200) });
  await page.evaluate(() => scrollTo(0, 300));
  await page.getByRole('button', { name: 'Latest' }).waitFor();
  await page.getByLabel('Your question').fill('What is 2 + 5?');
  await page.getByRole('button', { name: 'Latest' }).click();
  await page.getByRole('button', { name: 'Latest' }).waitFor({ state: 'detached' });
  assert.ok(await page.evaluate(() => innerHeight + scrollY >= document.body.scrollHeight - 2));
  await page.context().close();
});

test('characters that hide or turn text are named where they stand, and copied as they are', async () => {
  const page = await open('/');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const text = 'pay \u202efive\u202c now\u200b, `\u2066x`\n\n```\nif (a\u2067) {}\n```\n\n\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} \u{e0041} x\u{e0101}\u3164 葛\u{e0100} می\u200cخواهم 👩\u200d👧';
  await show(page, { question: 'who \u202eis', text });
  const marks = page.locator('.hidden-character');
  const codes = ['202E', '202E', '202C', '200B', '2066', '2067', 'E0041', 'E0101', '3164'].map((code) => `U+${code}`);
  assert.deepEqual(await marks.evaluateAll((all) => all.map((e) => e.dataset.code)), codes);
  assert.ok((await marks.evaluateAll((all) => all.map((e) => getComputedStyle(e, '::before').content))).every((shown, i) => shown === `"${codes[i]}"`));
  assert.ok(await marks.evaluateAll((all) => all.every((e) => getComputedStyle(e).unicodeBidi.includes('isolate'))), 'none reaches the text around it');
  const words = await page.locator('.answer > p').first().evaluate((e) => {
    const at = (word) => {
      const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const i = node.data.indexOf(word);
        if (i >= 0) return [node, i];
      }
    };
    const left = (word) => {
      const [node, i] = at(word);
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      return range.getBoundingClientRect().left;
    };
    return [left('pay'), left('five'), left('ive'), left('now')];
  });
  assert.deepEqual(words, [...words].sort((a, b) => a - b), 'read from left to right');
  await page.getByRole('button', { name: 'Copy answer' }).click();
  await page.getByRole('button', { name: 'Copy answer' }).filter({ hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  assert.equal(await page.locator('.answer').evaluate((e) => e.textContent.includes('\u202efive\u202c')), true, 'marked by hand it is the same');
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test('a fence of code ends where as many marks stand', async () => {
  const page = await open('/');
  await show(page, { question: 'fences', text: '````md\n```js\nx\n```\n````\nafter\n\n~~~\ny\n~~~' });
  assert.deepEqual((await page.locator('.answer pre').allInnerTexts()).map((t) => t.trim()), ['```js\nx\n```', 'y']);
  assert.equal(await page.locator('.answer > p').innerText(), 'after');
  await page.context().close();
});

test('an answer that is being written survives a reload', async () => {
  const page = await open('/');
  await page.route('**/events', () => undefined); // nothing is heard of the answer before the reload
  const sent = page.waitForResponse('**/api/prompts');
  await page.getByLabel('Your question').fill('What is 5 + 6?');
  await page.keyboard.press('Enter');
  await sent;
  await page.waitForURL('**/chats/*');
  await page.unroute('**/events');
  await page.reload();
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.match(await page.locator('.answer').innerText(), /11/);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.context().close();
});

test('an answer that is being written is stopped by who asked, after a reload too', async () => {
  const page = await open('/');
  await page.route('**/events', () => undefined);
  const sent = page.waitForResponse('**/api/prompts');
  await page.getByLabel('Your question').fill('Tell me a tale about a fox.');
  await page.keyboard.press('Enter');
  await sent;
  await page.waitForURL('**/chats/*');
  await page.reload();
  const stopped = page.waitForResponse((r) => r.request().method() === 'DELETE');
  await page.getByRole('button', { name: 'Stop' }).click();
  assert.equal((await stopped).status(), 204);
  await page.context().close();
});

test('on a small screen the question that was asked and its answer come into view', async () => {
  const page = await open('/', { viewport: { width: 320, height: 640 } });
  await ask(page, 'Tell me a tale about a fox.');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await ask(page, 'What is 7 + 8?');
  const [question, composer, header] = await Promise.all(
    ['.exchange:last-child .question', 'form.ask', 'header'].map((part) => page.locator(part).boundingBox()),
  );
  assert.ok(question.y >= 0 && question.y + question.height <= composer.y, `the question is between the top and the form: ${JSON.stringify([question, composer])}`);
  assert.ok(header.height < 120, `the header takes ${header.height} px`);
  await page.getByRole('button', { name: 'New chat' }).click();
  await ask(page, 'Tell me a tale about a fox.');
  await page.locator('.ladder').waitFor();
  const [top, ladder] = await Promise.all(['.question', '.ladder'].map((part) => page.locator(part).boundingBox()));
  assert.ok(ladder.y + ladder.height <= composer.y || top.y < 20, `the receipt at ${ladder.y} px is in view, or the question at the top`);
  await page.context().close();
});

test('a wrong option is told, also when the options are closed again', async () => {
  const page = await open('/');
  const options = page.locator('summary', { hasText: 'Options' });
  await options.click();
  await page.getByLabel('Longest answer, tokens').fill('99999');
  await options.click();
  await page.getByLabel('Your question').fill('What is 2 + 2?');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'maxTokens must be 1 to' }).waitFor();
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 2 + 2?');
  await page.context().close();
});

test('a conversation that no longer fits is told in words', async () => {
  const page = await open('/');
  const long = { question: 'tell', text: 'a fox ran. '.repeat(300), phase: 'done', tokens: 1, tokensPerSecond: 1 };
  await show(page, long);
  await page.locator('summary', { hasText: 'Options' }).click();
  await page.getByLabel('send the conversation so far').check();
  await page.getByLabel('Your question').fill('What is 2 + 2?');
  await page.keyboard.press('Enter');
  const note = page.locator('.hint', { hasText: 'no longer fits' });
  await note.waitFor();
  await note.getByRole('button', { name: 'New chat' }).click();
  await page.locator('.examples').waitFor();
  await page.context().close();
});

test('an answer is shown as text, whatever it holds', async () => {
  const page = await open('/');
  const text = '# Title\n\n<img src=x onerror=alert(1)> **bold** `a<b>`\n\n- one\n- [two](javascript:alert(1))\n\n```html\n<script>alert(1)</script>\n```\n3. third';
  const x = { question: '<b>q</b>', text, phase: 'done', tokens: 1, tokensPerSecond: 1 };
  await show(page, x);
  const answer = page.locator('.answer');
  await answer.waitFor();
  assert.equal(await answer.locator('img, script, a, b').count(), 0);
  assert.equal(await answer.locator('strong').last().innerText(), 'bold');
  assert.equal(await answer.locator('li').count(), 3);
  assert.equal((await answer.locator('pre').innerText()).trim(), '<script>alert(1)</script>');
  assert.match(await answer.innerText(), /<img src=x onerror=alert\(1\)>/);
  await page.context().close();
});

test('lists in lists, quotations, tables and code have their form, however deep or unfinished', async () => {
  const page = await open('/', { viewport: { width: 320, height: 640 } });
  const table = ['| colour | nm |', '|---|---:|', '| red | 700 |', '| blue | `450` |'];
  const text = ['1. one', '2. two', '   - inner', '     more', '3. three', '', '> quoted', '> - point', '', ...table, '', '---', '', '```', `x${' x'.repeat(200)}`].join('\n');
  await show(page, { question: 'forms', text }, { question: 'deep', text: '>'.repeat(5000) }, { question: 'spaces', text: `|${' '.repeat(60_000)}x\n|-${' '.repeat(60_000)}x` });
  const answer = page.locator('.answer').first();
  assert.equal(await answer.locator('ol > li').count(), 3);
  assert.match(await answer.locator('ol > li > ul > li').innerText(), /inner\s+more/);
  assert.equal(await answer.locator('blockquote li').innerText(), 'point');
  assert.deepEqual(await answer.locator('td').allInnerTexts(), ['red', '700', 'blue', '450']);
  assert.equal(await answer.locator('hr').count(), 1);
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, document.querySelector('.code pre').scrollWidth]);
  assert.ok(wide[0] <= 320 && wide[1] > 320, `code scrolls within itself: ${wide}`);
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test('each text is read in its own direction', async () => {
  const page = await open('/');
  await show(page, { question: 'ما هي عاصمة فرنسا؟', text: 'عاصمة فرنسا هي باريس.\n\n- أولا\n\nParis 👩‍👩‍👧' });
  const direction = (part) => page.locator(part).evaluateAll((all) => all.map((e) => getComputedStyle(e).direction));
  assert.deepEqual(await direction('.question, .answer > p, .answer > ul'), ['rtl', 'rtl', 'rtl', 'ltr']);
  await page.getByLabel('Your question').fill('سؤال');
  assert.deepEqual(await direction('#prompt'), ['rtl']);
  await page.context().close();
});

test('the form stays where it is while an answer grows', async () => {
  const page = await open('/');
  await ask(page, 'What is 2 + 3?');
  const bottom = async () => {
    const { y, height } = await page.locator('form.ask').boundingBox();
    return Math.round(y + height);
  };
  const first = await bottom();
  assert.ok(first > 700, `the form ends at ${first} of 800 px`);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  assert.equal(await bottom(), first);
  await ask(page, 'Tell me a tale about a fox.');
  assert.equal(await bottom(), first);
  await page.context().close();
});

test('a page that was opened while the server was away goes on when it is back', async () => {
  const page = await open('/models');
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
  await page.locator('opml-chain-status', { hasText: 'server does not answer' }).waitFor();
  await page.unroute('**/api/**');
  await page.getByRole('heading', { name: 'opml-tiny' }).waitFor();
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.goto(BASE);
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Your question').fill('What is 8 + 8?');
  await page.keyboard.press('Enter');
  await page.locator('.phase', { hasText: 'failed' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 1, 'said once');
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 8 + 8?');
  await page.unroute('**/api/**');
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .answer', { hasText: '16' }).waitFor();
  await page.context().close();
});

test('a server that is gone is told, can be given up on and is found again', async () => {
  const page = await open('/');
  let gone = true;
  await page.route('**/events', (route) => (gone ? route.abort('connectionrefused') : route.continue()));
  await page.getByLabel('Your question').fill('What is 4 + 5?');
  await page.keyboard.press('Enter');
  await page.locator('.phase', { hasText: 'connection lost, trying again' }).waitFor();
  gone = false;
  await page.locator('.phase', { hasText: 'done' }).waitFor();
  assert.match(await page.locator('.answer').innerText(), /9/);
  gone = true;
  await page.route('**/api/prompts/*', (route) => route.abort('connectionrefused'));
  await page.getByLabel('Your question').fill('What is 5 + 5?');
  await page.keyboard.press('Enter');
  await page.locator('.phase', { hasText: 'connection lost' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
  assert.equal(await page.getByLabel('Your question').inputValue(), 'What is 5 + 5?', 'the question is not lost');
  await page.context().close();
});

nothingWentWrong();
