// A model that does not come in one go: what has come stays and is not believed.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { launch, launchIn } from './chromium.mjs';
import { ask, BASE, nothingWentWrong, open, until } from './visitor.mjs';

const PART = 1 << 20; // of the store
const REST = `bytes=${PART}-`;
let line; // between page and server
let ranges; // of the weights that were asked for
let ranged; // whether the server hears of them
let ends; // bytes of the weights after which the line falls silent
let flips; // whether the first of them is another one
let lacks; // how many are left out at the end

before(async () => {
  line = createServer((question, answer) => {
    const { host, origin, range, ...headers } = question.headers;
    const weights = question.url.endsWith('/weights');
    if (weights) ranges.push(range);
    const told = { ...headers, host: new URL(BASE).host, ...(origin && { origin: BASE }), ...(range && ranged && { range }) };
    const onward = request(BASE + question.url, { method: question.method, headers: told }, (response) => {
      const length = Number(response.headers['content-length']) - lacks;
      answer.writeHead(response.statusCode, { ...response.headers, ...(weights && { 'content-length': length }) });
      if (!weights) return response.pipe(answer);
      let at = 0;
      response.on('data', (bytes) => {
        if (at === 0 && flips) bytes[0] ^= 1;
        at += bytes.length;
        if (at < ends) answer.write(at > length ? bytes.subarray(0, length - at) : bytes);
      });
      response.on('end', () => at < ends && answer.end());
    });
    onward.on('error', () => answer.destroy()); // one that was broken off
    answer.on('close', () => onward.destroy());
    question.pipe(onward);
  });
  await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  ranges = [];
  [ranged, ends, flips, lacks] = [true, 1_400_000, false, 0];
});
after(() => {
  line.closeAllConnections();
  line.close();
});

/** An answer whose verification waits for the rest of the model, and the button that verifies. */
async function halfFetched() {
  const page = await open('/');
  await page.goto(`http://127.0.0.1:${line.address().port}/`);
  await ask(page, 'What is 3 + 5?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  const verify = page.getByRole('button', { name: 'Verify in my browser' });
  await verify.click();
  await until(page, async (part) => {
    const store = await caches.open('opml-parts');
    const parts = await Promise.all((await store.keys()).map(async (key) => (await (await store.match(key)).arrayBuffer()).byteLength));
    return parts.includes(part); // beside the code, which is smaller
  }, PART);
  ends = Infinity;
  return { page, verify };
}

test('a download that was cancelled goes on where it was', async () => {
  const { page, verify } = await halfFetched();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('the next time goes on from there').waitFor();
  await page.locator('.verify', { hasText: 'downloads the remaining' }).waitFor();
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  assert.deepEqual(ranges, [undefined, REST]);
  await page.locator('.verify', { hasText: 'the model is in this browser already' }).waitFor();
  await page.reload();
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  assert.equal(ranges.length, 2, 'nothing is fetched of what is here');
  await page.context().close();
});

test('what is kept and does not hold is fetched again, and no verdict is made of it', async () => {
  flips = true;
  const { page, verify } = await halfFetched();
  flips = false;
  await page.reload();
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  assert.deepEqual(ranges, [undefined, REST, undefined]);
  await page.context().close();
});

test('what the disk has spoiled of a model is fetched again', async () => {
  ends = Infinity;
  const profile = mkdtempSync(join(tmpdir(), 'opml-profile-'));
  const files = () => readdirSync(profile, { recursive: true }).map((file) => join(profile, file)).filter((file) => file.includes('CacheStorage'));
  let context = await launchIn(profile);
  let page = await context.newPage();
  await page.goto(`http://127.0.0.1:${line.address().port}/`);
  await ask(page, 'What is 3 + 7?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict.good').waitFor();
  const address = page.url();
  await context.close();
  const part = files().find((file) => statSync(file).size >= PART);
  const bytes = readFileSync(part);
  bytes[PART / 2] ^= 1; // the browser's own sum over it does not hold any more, and it refuses to read it
  writeFileSync(part, bytes);
  context = await launchIn(profile);
  try {
    page = await context.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    await page.locator('.verdict, .failure').first().waitFor();
    assert.equal(await page.locator('.verdict.good').count(), 1, await page.locator('.verify').innerText());
    assert.deepEqual(ranges, [undefined, undefined]);
  } finally {
    await context.close();
  }
  rmSync(profile, { recursive: true });
});

test('a server that knows no ranges sends all of it again', async () => {
  const { page, verify } = await halfFetched();
  ranged = false;
  await page.reload();
  await verify.click();
  await page.locator('.verdict.good').waitFor();
  assert.deepEqual(ranges, [undefined, REST]);
  await page.context().close();
});

for (const [what, spoil, said] of [['other bytes', () => (flips = true), 'served here make model'], ['fewer bytes', () => (lacks = 1), 'bytes announced']]) {
  test(`where the browser keeps no models, ${what} in its HTTP cache are fetched again, and only then is the server blamed`, async () => {
    const browser = await launch(['--host-resolver-rules=MAP opml.test 127.0.0.1']); // over plain HTTP a page has no store
    const page = await browser.newPage();
    ends = Infinity;
    spoil();
    await page.goto(`http://opml.test:${line.address().port}/`);
    await ask(page, 'What is 3 + 6?');
    await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
    const verify = page.getByRole('button', { name: 'Verify in my browser' });
    await verify.click();
    await page.locator('.verdict.bad', { hasText: said }).waitFor();
    assert.equal(ranges.length, 2, 'the server has sent it twice');
    [flips, lacks] = [false, 0];
    await verify.click();
    await page.locator('.verdict.good').waitFor();
    assert.equal(ranges.length, 3, 'what the browser had was looked at first');
    await browser.close();
  });
}

test('what an older page kept in another form is deleted, and nothing that is not ours', async () => {
  const page = await open('/help');
  await page.evaluate(() => Promise.all(['opml-content', 'of-another-page'].map((name) => caches.open(name))));
  await page.reload();
  await until(page, async () => !(await caches.has('opml-content')));
  assert.deepEqual(await page.evaluate(() => caches.keys()), ['of-another-page']);
  await page.context().close();
});

nothingWentWrong();
