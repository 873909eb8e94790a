// The page in real Chromium against a running server (BASE): asks, verifies, catches a liar; keyboard, small screens, axe.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE;
assert.ok(BASE, 'set BASE to the address of a running server');
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SHOTS = process.env.SHOTS;
const LONG = 60_000;

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
  const words = await verdict.innerText();
  assert.match(words, /anchored on chain/);
  assert.match(words, /Shown request and answer on this page are those of the receipt/);
  assert.match(words, /Signature made with the key of 0x/);
  assert.match(words, /Contracts .* run the code that this page was built with/);
  assert.match(words, /Escrow .* ETH lie behind/);
  assert.match(words, /Deadline (anybody can challenge the receipt|the receipt could be challenged) until/);
  assert.match(words, /Challenges nobody has challenged/);
  assert.match(words, /Trusted, not checked: the RPC endpoint/);
  assert.deepEqual(await axe(page), []);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/answer-1280.png`, fullPage: true });
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

// A server that lies: what it says is changed on its way to the page, which must say what is wrong.
const flip = (hex) => hex.replace(/..$/, (x) => (x === '21' ? '22' : '21'));
const foreign = '0x00000000000000000000000000000000000000aa';
const RECEIPT_LIES = [
  ['another answer', (r) => ({ ...r, output: flip(r.output) }), /text shown is not the text/],
  ['another answer and its text', (r) => ({ ...r, output: flip(r.output), text: r.text.slice(0, -1) + '!' }), /do not hash to the output commitment/],
  ['a hash that fits the other answer', (r) => ({ ...r, outputHash: flip(r.outputHash) }), /not have the id/],
  ['an unanchored receipt with a signature of nobody', (r) => ({ ...r, anchor: null, signature: r.signature.replace(/^0x../, '0x01') }), /nobody is bound/],
  ['an anchor in another batch', (r) => ({ ...r, anchor: { ...r.anchor, index: r.anchor.index + 1, branch: [r.id] } }), /does not belong to the anchored batch/],
  ['another deadline', (r) => ({ ...r, deadline: String(Number(r.deadline) + 1) }), /not have the id/],
];
const CHAIN_LIES = [
  ['a receipts contract of its own', (c) => ({ ...c, contracts: { ...c.contracts, receipts: foreign } }), /not the receipts contract that this page was built with/],
  ['another contract in place of the dispute', (c) => ({ ...c, contracts: { ...c.contracts, dispute: c.contracts.oracle } }), /not the dispute contract/],
];

test('a drawn digit is read, gets a receipt and is verified in the virtual machine here', async () => {
  const page = await open('/digits');
  const box = await page.locator('canvas').boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.52, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.48, 0.85), { steps: 8 });
  await page.mouse.up();
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
  await page.locator('.rows li', { hasText: /An image of 784 pixels\s+1, for \d+/ }).first().waitFor();
});

test('a server that lies about a receipt or the chain is found out', async () => {
  const page = await open('/');
  await ask(page, 'What is 3 + 4?');
  await page.locator('.ladder li.now', { hasText: 'Challenge window' }).waitFor();
  await page.locator('summary', { hasText: 'Receipt 0x' }).click();
  const href = await page.getByRole('link', { name: 'Open', exact: true }).getAttribute('href');
  for (const [lies, pattern] of [[RECEIPT_LIES, '**/api/receipts/*'], [CHAIN_LIES, '**/api/chain']]) {
    for (const [name, lie, said] of lies) {
      await page.unrouteAll();
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: lie(await response.json()) });
      });
      await page.goto(BASE + href);
      await page.getByRole('button', { name: 'Verify in my browser' }).click();
      await page.locator('.verdict.bad').waitFor();
      assert.match(await page.locator('.verdict.bad').innerText(), said, name);
    }
  }
  await page.context().close();
});

test('a server that serves other weights under the name of the model is found out', async () => {
  const page = await open('/');
  await ask(page, 'What is 8 + 1?');
  await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
  const forged = (m) => ({ ...m, sizes: m.sizes + m.codeRoot.slice(2) + m.weightsRoot.slice(2) }); // as long as all that the id is the hash of
  for (const [change, said] of [[(m) => m, /served here make model/], [forged, /bytes were sent where 90 belong/]]) {
    await page.unrouteAll();
    await changed(page, '**/api/models', (models) => ({ ...models, items: models.items.map(change) }));
    await page.route('**/weights', async (route) => {
      const body = await (await route.fetch()).body();
      body[body.length - 1] ^= 1; // behind the last plane: no answer depends on it
      await route.fulfill({ body, contentType: 'application/octet-stream' });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    await page.locator('.verdict').waitFor();
    assert.match(await page.locator('.verdict.bad').innerText(), said);
  }
  await page.context().close();
});

test('a receipt about another question or answer than the page shows is found out', async () => {
  const page = await open('/');
  const refuted = async (said) => {
    await page.locator('.ladder', { hasText: 'Anchored' }).waitFor();
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    assert.match(await page.locator('.verdict.bad').innerText(), said);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'New chat' }).click();
  };
  // The server asks its model something else, and signs what that gives.
  await page.route('**/api/prompts', (route) => {
    const asked = route.request().postDataJSON();
    asked.messages.unshift({ role: 'system', content: 'Be wrong.' });
    return route.continue({ postData: JSON.stringify(asked) });
  });
  await ask(page, 'What is 20 + 3?');
  await refuted(/another request than the one sent from this page/);
  // It signs the right answer and shows another one.
  await page.route('**/events', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/"text":"[^"]*"/g, (text) => text.replaceAll('7', '8'));
    return route.fulfill({ response, body });
  });
  await ask(page, 'What is 3 + 4?');
  assert.match(await page.locator('.answer').innerText(), /= 8/);
  await refuted(/answer that this page shows is not the one of the receipt/);
  await page.context().close();
});

test('the reader chooses the endpoint that is believed', async () => {
  const page = await open('/chain');
  await page.locator('.badge.good', { hasText: 'The contracts are the ones this page was built with' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByLabel('RPC endpoint').fill('http://example.com/');
  await page.getByRole('button', { name: 'Use' }).click();
  assert.match(await page.getByRole('alert').innerText(), /https:/);
  await page.getByLabel('RPC endpoint').fill('http://127.0.0.1:9/');
  await page.getByRole('button', { name: 'Use' }).click();
  await page.getByRole('alert').filter({ hasText: 'http://127.0.0.1:9/ does not answer' }).waitFor();
  await page.getByLabel('RPC endpoint').fill('');
  await page.getByRole('button', { name: 'Use' }).click();
  await page.locator('.badge.good').waitFor();
  await page.context().close();
});

async function changed(page, pattern, change) {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

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

for (const liar of ['proposer', 'challenger']) {
  test(`a lying ${liar} is caught, move by move, and the disputed step is checked here`, async () => {
    const page = await open('/games');
    await page.getByLabel('Liar').selectOption(liar);
    await page.getByRole('button', { name: 'Catch a liar' }).click();
    await page.waitForURL('**/games/0x*');
    const winner = liar === 'proposer' ? 'challenger' : 'proposer';
    await page.locator('.badge', { hasText: `${winner} won` }).waitFor();
    const about = page.locator('dl.about');
    assert.match(await about.innerText(), /Asked\s+What is 2 plus 3\?\s+Claimed answer\s+2 \+ 3/);
    // The server's own answer, if it had time to replay the claim before the game was over.
    const get = async (path) => (await fetch(BASE + path)).json();
    const { ownOutput } = await get(`/api/claims/${(await get(`/api${new URL(page.url()).pathname}`)).claimId}`);
    assert.ok(liar === 'proposer' || !ownOutput, 'a right answer is not contradicted');
    if (ownOutput) await about.filter({ hasText: /This server's answer\s*2 \+ 3 = 5/ }).waitFor();
    assert.ok((await page.locator('table.moves tbody tr').count()) > 10, 'every move is listed');
    const segment = page.getByRole('button', { name: /names the wrong piece/ }).first();
    await segment.click();
    const side = page.getByRole('region', { name: 'Claimed and own states' });
    const picked = Number(/\d+/.exec(await segment.innerText())[0]);
    const equal = await side.locator('tbody td:last-child').allInnerTexts();
    assert.equal(equal.length, 63);
    assert.ok(equal.slice(0, picked).every((x) => x === '✓'), 'before the wrong piece claimed and own states are equal');
    assert.ok(picked === 63 || equal[picked] === '✗', 'the wrong piece ends in a state that differs');
    assert.deepEqual(await axe(page), []);
    await segment.click();
    if (liar === 'proposer') {
      await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
      await page.locator('.verdict', { hasText: 'The claimed state is wrong' }).waitFor();
      const words = await page.locator('opml-step-panel').innerText();
      assert.match(words, /Moves the \d+ ranges listed are those of the dispute contract/);
      assert.match(words, /Ending on chain the game is won by the challenger/);
      assert.match(words, /About as posted on chain: asked “What is 2 plus 3\?”, claimed “2 \+ 3/);
      assert.match(words, /changes|no running state/, 'the instruction and its effect are shown');
      const milliseconds = Number(/Executed here in ([0-9.]+) ms/.exec(words)[1]);
      console.log(`step verified in ${milliseconds} ms`);
    }
    assert.deepEqual(await axe(page), []);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/game-${liar}-1280.png`, fullPage: true });
    if (liar === 'proposer') {
      const { pathname } = new URL(page.url());
      await page.getByRole('button', { name: 'Replay the dispute in my browser' }).click();
      await page.locator('opml-dispute-panel .badge.good', { hasText: 'The claim is wrong there' }).waitFor();
      assert.match(await page.locator('opml-dispute-panel').innerText(), /First state .* make the state that the contract began the game with/);
      const operator = page.locator('opml-operator-panel');
      await operator.getByRole('button', { name: 'Replay the operator in my browser' }).click();
      await operator.locator('.badge.good', { hasText: 'The claim is wrong there' }).waitFor();
      assert.match(await operator.innerText(), /MB of the model and its state fetched, each range proven/);
      await page.route(/[?]page=/, async (route) => {
        const body = await (await route.fetch()).body();
        body[0] ^= 1;
        await route.fulfill({ body, contentType: 'application/octet-stream' });
      });
      await operator.getByRole('button', { name: 'Replay the operator in my browser' }).click();
      await operator.getByText('what was sent is false').waitFor();
      await page.unroute(/[?]page=/);
      // The server takes the liar's side: the claimed state as it would have to be, and another index.
      await changed(page, `**/api${pathname}`, (g) => ({ ...g, disputedStep: { ...g.disputedStep, claimedPost: g.disputedStep.post, boundary: true } }));
      await page.goto(BASE + pathname);
      await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
      await page.locator('.verdict', { hasText: 'The claimed state is wrong' }).waitFor();
      await changed(page, `**/api${pathname}`, (g) => ({ ...g, moves: g.moves.slice(0, -3) }));
      await page.goto(BASE + pathname);
      await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
      await page.locator('.verdict .badge.bad, .failure').first().waitFor();
    }
    await page.context().close();
  });
}

for (const width of [320, 768, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`pages fit ${width} px, ${colorScheme}, and axe finds nothing serious`, async () => {
      const page = await open('/', { viewport: { width, height: 800 }, colorScheme });
      for (const [name, path] of [['ask', '/'], ['digits', '/digits'], ['receipts', '/receipts'], ['games', '/games'], ['models', '/models'], ['chain', '/chain']]) {
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
  const real = problems.filter((p) => !/status of 404|status of 400|ERR_CONNECTION_REFUSED|ERR_UNSAFE_PORT/.test(p));
  assert.deepEqual(real, []);
});
