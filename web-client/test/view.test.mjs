// What a reader sees without moving the window.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, axe, BASE, nothingWentWrong, open, show } from './visitor.mjs';

/** Whether a part lies between the header and the form. */
async function seen(page, part) {
  const [box, form] = await Promise.all([page.locator(part).boundingBox(), page.locator('form.ask').boundingBox()]);
  return box.y >= 0 && box.y + box.height <= form.y;
}

test('a verification that was asked for is seen to go on; the model stays when it is cancelled', async () => {
  const page = await open('/', { viewport: { width: 768, height: 560 } });
  await ask(page, 'Tell me a tale about a fox.');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.getByLabel('every instruction in the virtual machine').check();
  const verify = page.getByRole('button', { name: 'Verify in my browser' });
  await page.evaluate(() => scrollBy(0, document.querySelector('.verify .primary').getBoundingClientRect().bottom - document.querySelector('form.ask').getBoundingClientRect().top));
  await verify.click();
  const under = await page.evaluate(async () => {
    const panel = document.querySelector('.verify');
    while (!panel.textContent.includes('Running the model here')) await new Promise((resolve) => requestAnimationFrame(resolve));
    const end = panel.querySelector('button').getBoundingClientRect().bottom;
    panel.querySelector('button').click(); // at once, or it is over
    return end - document.querySelector('form.ask').getBoundingClientRect().top;
  });
  assert.ok(under < 0, `Cancel ends ${under} px below the top of the form`);
  await page.locator('.verify', { hasText: 'the model is in this browser already' }).waitFor();
  await page.getByLabel('every instruction in the virtual machine').uncheck();
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  assert.ok(await seen(page, '.verdict .badge'), 'the verdict is in view');
  await page.context().close();
});

test('a chat that is opened again begins at its latest answer with its receipt, or where the reader was who comes back to it', async () => {
  const page = await open('/', { viewport: { width: 768, height: 700 } });
  const settled = async () => {
    await page.locator('.exchange:nth-child(2) .ladder').waitFor();
    await page.locator('.exchange:nth-child(1) .ladder').waitFor();
  };
  await ask(page, 'Tell me a tale about a fox.');
  await ask(page, 'What is 2 + 7?');
  await settled();
  await page.reload();
  await settled();
  assert.ok(await seen(page, '.exchange:last-child .question'), 'the question is in view');
  assert.ok(await seen(page, '.exchange:last-child .verify .primary'), 'the receipt is in view');
  assert.deepEqual(await axe(page), []);
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('link', { name: 'All chats' }).click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await page.goBack();
  await settled();
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.context().close();
});

test('on a small screen the options come into view when they are opened', async () => {
  const page = await open('/', { viewport: { width: 320, height: 640 } });
  await page.locator('summary', { hasText: 'Options' }).click();
  await page.getByLabel('Temperature').waitFor();
  const end = () => page.locator('form.ask').evaluate((form) => form.getBoundingClientRect().bottom);
  for (let tries = 0; (await end()) > 641 && tries < 20; tries++) await page.waitForTimeout(100);
  assert.ok((await end()) <= 641, `the form ends at ${await end()} px`);
  await page.context().close();
});

test('on a small screen the way to the latest answer and the news of a newer page leave room for what is read', async () => {
  const page = await open('/', { viewport: { width: 320, height: 640 } });
  await show(page, { question: 'Long?', text: 'A line.\n\n'.repeat(60) });
  await page.evaluate(() => scrollTo(0, 0));
  const latest = page.getByRole('button', { name: 'Latest' });
  const { width, height } = await latest.boundingBox();
  assert.ok(width >= 44 && width <= 48 && height >= 44 && height <= 48, `${width} x ${height} px`);
  const other = await page.context().newPage();
  await other.goto(BASE);
  await other.evaluate(() => localStorage.setItem('opml.build', 'newer'));
  const news = page.getByRole('alert').filter({ hasText: 'A newer version of this page' });
  await news.waitFor();
  await page.evaluate(() => scrollTo(0, 500));
  const box = await news.boundingBox();
  assert.ok(box.y === 0 && box.height <= 64, `from ${box.y} on ${box.height} px`);
  const seen = await page.locator('header').evaluate((header) => header.getBoundingClientRect().bottom);
  assert.ok(seen < 0, 'the rest of the header goes');
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test('many emoji that are one character make no page wider', async () => {
  const page = await open('/', { viewport: { width: 320, height: 640 } });
  const text = '👨‍'.repeat(300);
  await show(page, { question: text, text: `${text}\n\n- ${text}\n\n> ${text}` });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await page.context().close();
});

test('in a low window an answer stays in view when its receipt comes', async () => {
  const page = await open('/', { viewport: { width: 667, height: 320 } });
  await ask(page, 'What is 6 + 7?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  assert.ok(await seen(page, '.answer'), 'the answer is in view');
  await page.context().close();
});

test('on a small screen the digit that was read comes into view', async () => {
  const page = await open('/digits', { viewport: { width: 320, height: 640 } });
  await page.getByRole('button', { name: 'Print 7' }).click();
  await page.getByRole('button', { name: 'Read it', disabled: false }).evaluate((button) => {
    scrollBy(0, button.getBoundingClientRect().bottom - innerHeight); // no further than a reader has to
    button.click();
  });
  await page.locator('opml-receipt-card .ladder').waitFor();
  const { y, height } = await page.locator('.reading').boundingBox();
  assert.ok(y >= 0 && y + height <= 640, `the digit stands at ${y} px`);
  await page.context().close();
});

nothingWentWrong();
