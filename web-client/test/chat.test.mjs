// Conversations on the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, axe, BASE, nothingWentWrong, open } from './visitor.mjs';

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
  assert.equal(await page.locator('.exchange').count(), 1);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.equal(await page.locator('.exchange').count(), 1);
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.reload();
  await page.locator('.examples').waitFor();
  assert.equal(await page.locator('.exchange').count(), 0);
  await page.context().close();
});

test('an answer that is being written survives a reload', async () => {
  const page = await open('/');
  await page.route('**/events', () => undefined); // nothing is heard of the answer before the reload
  const sent = page.waitForResponse('**/api/prompts');
  await page.getByLabel('Your question').fill('What is 5 + 6?');
  await page.keyboard.press('Enter');
  await sent;
  await page.waitForFunction(() => localStorage.getItem('opml.conversation') !== null);
  await page.unroute('**/events');
  await page.reload();
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  assert.match(await page.locator('.answer').innerText(), /11/);
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
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
  assert.ok(question.y >= 0 && question.y + question.height <= composer.y, 'the question is between the top and the form');
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
  const long = { question: 'tell', text: 'a fox ran. '.repeat(300), phase: 'done', tokens: 1, tokensPerSecond: 1, settings: 'greedy' };
  await page.evaluate((x) => localStorage.setItem('opml.conversation', JSON.stringify([x])), long);
  await page.reload();
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
  const x = { question: '<b>q</b>', text, phase: 'done', tokens: 1, tokensPerSecond: 1, settings: 'greedy' };
  await page.evaluate((y) => localStorage.setItem('opml.conversation', JSON.stringify([y])), x);
  await page.reload();
  const answer = page.locator('.answer');
  await answer.waitFor();
  assert.equal(await answer.locator('img, script, a, b').count(), 0);
  assert.equal(await answer.locator('strong').last().innerText(), 'bold');
  assert.equal(await answer.locator('li').count(), 3);
  assert.equal((await answer.locator('pre').innerText()).trim(), '<script>alert(1)</script>');
  assert.match(await answer.innerText(), /<img src=x onerror=alert\(1\)>/);
  await page.context().close();
});

/** Shows a conversation as this browser would have kept it. */
async function show(page, ...exchanges) {
  const done = { phase: 'done', tokens: 1, tokensPerSecond: 1, settings: 'greedy' };
  await page.evaluate((kept) => localStorage.setItem('opml.conversation', JSON.stringify(kept)), exchanges.map((x) => ({ ...done, ...x })));
  await page.reload();
  await page.locator('.answer').first().waitFor();
}

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
  assert.deepEqual(await direction('textarea'), ['rtl']);
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
