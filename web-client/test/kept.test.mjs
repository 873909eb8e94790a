// What the browser keeps of chats: in real storage, and where the reader lets sites keep nothing.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { bring, launch } from './chromium.mjs';

let browser;
const server = createServer((request, response) => {
  const policy = request.url === '/nothing' ? { 'Content-Security-Policy': 'sandbox allow-scripts' } : {};
  response.writeHead(200, { 'Content-Type': 'text/html', ...policy }).end('<!doctype html><title>chats</title>');
});

before(async () => {
  browser = await launch();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await browser?.close();
  server.close();
});

async function at(path, build = 'one', context = browser) {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}${path}`);
  await bring(page, { chats: '../src/main/ts/prompt/chats.ts', version: '../src/main/ts/shared/version.ts' }, { define: { BUILD: JSON.stringify(build) } });
  await page.evaluate(() => {
    globalThis.told = (id, question) => ({ id, at: 1, exchanges: [{ question, text: 'Yes.', phase: 'done', began: 1, promptId: id }] });
  });
  return page;
}

test('to delete a chat deletes no other, whatever is said in it, and forgets deletions of long ago', async () => {
  const page = await at('/');
  const left = await page.evaluate(async () => {
    localStorage.setItem('opml.chat.old', 'deleted 5');
    await chats.keepChat(told('said', 'Is it deleted 5 deleted 6?'));
    await chats.keepChat(told('other', 'And this?'));
    await chats.forgetChat('other');
    return [chats.allChats().map((c) => c.id), Object.keys(localStorage).sort(), await chats.keepChat(told('other', 'Again?'))];
  });
  assert.deepEqual(left, [['said'], ['opml.chat.other', 'opml.chat.said'], false]);
  await page.close();
});

test('a tab that runs another page than the one opened last changes nothing that is kept', async () => {
  const context = await browser.newContext();
  const [old, fresh] = [await at('/', 'one', context), await at('/', 'two', context)];
  await old.evaluate(async () => {
    version.markNewest();
    await chats.keepChat(told('both', 'Is it kept?'));
  });
  await fresh.evaluate(() => version.markNewest());
  const kept = () => fresh.evaluate(() => localStorage.getItem('opml.chat.both'));
  const before = await kept();
  assert.match(before, /Is it kept/);
  assert.equal(await old.evaluate(() => chats.keepChat({ ...told('both', 'And this?'), at: 2 })), false);
  await old.evaluate(() => chats.forgetChat('both'));
  await old.evaluate(() => chats.bringBack({ ...told('both', 'Or this?'), at: 3 }));
  assert.equal(await kept(), before);
  assert.equal(await fresh.evaluate(() => chats.keepChat({ ...told('both', 'And this?'), at: 2 })), true);
  await context.close();
});

test('where a site may keep nothing a chat lives as long as the page', async () => {
  const page = await at('/nothing');
  const denied = await page.evaluate(() => navigator.locks.request('any', () => '').catch((error) => error.name));
  assert.equal(denied, 'SecurityError', 'locks are refused with the store');
  assert.deepEqual(await page.evaluate(async () => [await chats.keepChat(told('mine', 'Is it kept?')), chats.readChat('mine').exchanges.length]), [true, 1]);
  await page.close();
});
