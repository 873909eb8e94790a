// Servers that lie to the page, and the endpoint that the reader believes instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, axe, BASE, changed, nothingWentWrong, open } from './visitor.mjs';

// A server that lies: what it says is changed on its way to the page, which must say what is wrong.
const flip = (hex) => hex.replace(/..$/, (x) => (x === '21' ? '22' : '21'));
const foreign = '0x00000000000000000000000000000000000000aa';
const RECEIPT_LIES = [
  ['another answer', (r) => ({ ...r, output: flip(r.output) }), /text shown is not the text/],
  ['another answer and its text', (r) => ({ ...r, output: flip(r.output), text: r.text.slice(0, -1) + '!' }), /do not hash to the output commitment/],
  ['a hash that fits the other answer', (r) => ({ ...r, outputHash: flip(r.outputHash) }), /not have the id/],
  ['an unanchored receipt with a signature of nobody', (r) => ({ ...r, anchor: null, signature: r.signature.replace(/^0x../, '0x01') }), /Nobody is bound/],
  ['an anchor in another batch', (r) => ({ ...r, anchor: { ...r.anchor, index: r.anchor.index + 1, branch: [r.id] } }), /does not belong to the anchored batch/],
  ['another deadline', (r) => ({ ...r, deadline: String(Number(r.deadline) + 1) }), /not have the id/],
];
const CHAIN_LIES = [
  ['a receipts contract of its own', (c) => ({ ...c, contracts: { ...c.contracts, receipts: foreign } }), /not the receipts contract that this page was built with/],
  ['another contract in place of the dispute', (c) => ({ ...c, contracts: { ...c.contracts, dispute: c.contracts.oracle } }), /not the dispute contract/],
];

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
      assert.match(await page.locator('opml-verify-panel').innerText(), /receipt challenge 0x[0-9a-f]{64} --server http\S+ --rpc-url URL/, name);
    }
  }
  // one that names no chain, or no contracts, is not one that has never been heard
  const verify = page.getByRole('button', { name: 'Verify in my browser' });
  await page.unrouteAll();
  await changed(page, '**/api/chain', (c) => ({ ...c, chainId: '' }));
  await page.goto(BASE + href);
  await verify.click();
  await page.getByRole('alert').filter({ hasText: /tells of chain \d+, the contracts are on chain \(none named\)/ }).waitFor();
  await page.unrouteAll();
  await changed(page, '**/api/chain', (c) => ({ ...c, contracts: {} }));
  await page.goto(BASE + href);
  await verify.click();
  await page.locator('.verdict.good', { hasText: /Server: it does not say where the contracts are; the receipt’s anchor/ }).waitFor();
  await page.context().close();
});

test('a receipt of a model that is too large for browsers says how to check it elsewhere', async () => {
  const page = await open('/');
  await changed(page, '**/api/models', (models) => ({ ...models, items: models.items.map((m) => ({ ...m, weightsBytes: '4000000000' })) }));
  await page.reload();
  await ask(page, 'What is 6 + 6?');
  const panel = page.locator('opml-verify-panel', { hasText: /too large to run here.*receipt check 0x[0-9a-f]{64} --server http/s });
  await panel.waitFor();
  assert.equal(await panel.getByRole('button', { name: 'Verify in my browser' }).isDisabled(), true);
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
  await page.route('**/api/chain', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
  await page.getByLabel('RPC endpoint').waitFor();
  await page.evaluate(() => localStorage.removeItem('opml.chain'));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'Where the contracts are has not been heard in this browser' }).waitFor();
  await page.context().close();
});

test('while the server does not reach its chain, a receipt is checked through the reader’s own endpoint', async () => {
  const down = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', json: { title: 'Not available now', status: 503, detail: 'The chain does not answer: try again.' } });
  const { rpcUrl, contracts } = await (await fetch(`${BASE}/api/chain`)).json();
  const page = await open('/help');
  await page.route('**/api/chain', down);
  await page.locator('opml-chain-status', { hasText: 'server cannot reach the chain' }).waitFor();
  await page.evaluate(() => localStorage.clear()); // as if it had never heard of the chain
  await page.goto(BASE);
  await ask(page, 'What is 4 + 3?');
  await page.locator('.ladder li.now', { hasText: 'Challenge window' }).waitFor();
  const verify = page.getByRole('button', { name: 'Verify in my browser' });
  await verify.click();
  await page.getByRole('alert').filter({ hasText: /chain does not answer.* Set an RPC endpoint of your own on the Chain page/ }).waitFor();
  const own = rpcUrl.replace('127.0.0.1', 'localhost'); // the same node under another name
  await page.evaluate((url) => localStorage.setItem('opml.rpc', url), own);
  await verify.click();
  const verdict = page.locator('.verdict.good');
  await verdict.waitFor();
  assert.match(await verdict.innerText(), /Server: .* the receipt’s anchor has led to the contracts[^]*Anchor: anchored on chain/);
  await changed(page, '**/api/receipts/*', (r) => ({ ...r, anchor: null }));
  await page.reload();
  await verify.click();
  await page.getByRole('alert').filter({ hasText: /chain does not answer.* Where the contracts are has not been heard in this browser yet, and a receipt that is not anchored/ }).waitFor();
  await page.unroute('**/api/receipts/*');
  await page.evaluate(() => localStorage.removeItem('opml.rpc'));
  await page.reload();

  await page.unroute('**/api/chain', down);
  await page.locator('opml-chain-status', { hasText: 'block' }).waitFor();
  let asked = 0; // of the server's endpoint
  await page.route(rpcUrl, (route) => (asked++, route.abort('connectionrefused')));
  await page.route('**/api/chain', down);
  await page.locator('opml-chain-status', { hasText: 'server cannot reach the chain' }).waitFor();
  await verify.click();
  await page.getByRole('alert').filter({ hasText: `RPC endpoint ${rpcUrl} does not answer` }).getByRole('link', { name: 'Chain page' }).click();
  await page.getByRole('alert').filter({ hasText: 'The chain does not answer: try again. Below is what it said before' }).waitFor();
  assert.ok(asked > 0);
  await page.getByLabel('RPC endpoint').fill(own);
  await page.getByRole('button', { name: 'Use' }).click();
  await page.locator('.badge.good', { hasText: 'The contracts are the ones' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.goto(BASE);
  await page.getByRole('link', { name: 'What is 4 + 3?' }).click();
  await verify.click();
  await verdict.waitFor();
  const words = await verdict.innerText();
  assert.match(words, /Signature: made with the key/);
  assert.match(words, /Anchor: anchored on chain/);
  assert.match(words, /Server: it does not reach the chain at the moment; where the contracts are, this browser has heard/);

  // what was heard is believed no more than what is said now
  await page.evaluate((c) => {
    const heard = JSON.parse(localStorage.getItem('opml.chain'));
    localStorage.setItem('opml.chain', JSON.stringify({ ...heard, contracts: { ...c, receipts: c.oracle } }));
  }, contracts);
  await verify.click();
  await page.locator('.verdict.bad', { hasText: 'not the receipts contract that this page was built with' }).waitFor();
  await page.evaluate(() => localStorage.setItem('opml.chain', JSON.stringify({ ...JSON.parse(localStorage.getItem('opml.chain')), chainId: '5' })));
  await verify.click();
  await page.getByRole('alert').filter({ hasText: /tells of chain \d+, the contracts are on chain 5/ }).waitFor();
  await page.context().close();
});

test('the verdict on the chain page is about the contracts that are shown', async () => {
  const { contracts } = await (await fetch(`${BASE}/api/chain`)).json();
  const lie = { ...contracts, receipts: contracts.oracle };
  const page = await open('/chain');
  const good = page.locator('.badge.good', { hasText: 'The contracts are the ones this page was built with' });
  const bad = page.locator('.badge.bad', { hasText: 'not the receipts contract' });
  await good.waitFor();
  const down = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', json: { title: 'Not available now', status: 503, detail: 'Try again.' } });
  await page.route('**/api/chain', down);
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'Below is what it said before' }).waitFor();
  await good.waitFor();
  // The server comes back and names others than those that were checked meanwhile.
  await page.unroute('**/api/chain', down);
  await changed(page, '**/api/chain', (c) => ({ ...c, contracts: lie }));
  await page.locator('dd', { hasText: lie.receipts.slice(0, 6) }).nth(1).waitFor();
  await bad.waitFor();
  await page.context().close();
});

nothingWentWrong();
