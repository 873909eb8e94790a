// Disputes on the page, played to the end and checked there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, BASE, changed, nothingWentWrong, open, shoot } from './visitor.mjs';

for (const liar of ['proposer', 'challenger']) {
  test(`a lying ${liar} is caught, move by move, and the disputed step is checked here`, async () => {
    const page = await open('/games');
    await page.getByLabel('Who lies').selectOption(liar);
    let unread = 3; // times that the game is asked for before the server has read of it in a block
    await page.route('**/api/games/0x*', (route) => (unread-- > 0 ? route.fulfill({ status: 404, json: { title: 'Unknown game' } }) : route.continue()));
    await page.getByRole('button', { name: 'Catch a liar' }).click();
    await page.waitForURL('**/games/0x*');
    assert.ok(unread <= 0, 'the game is shown when it is known');
    await page.unroute('**/api/games/0x*');
    const winner = liar === 'proposer' ? 'challenger' : 'proposer';
    await page.locator('.badge', { hasText: `${winner} won` }).waitFor();
    const about = page.locator('dl.about');
    assert.match(await about.innerText(), /Asked\s+What is 2 plus 3\?\s+Claimed answer\s+2 \+ 3/);
    // The server's own answer, if it had time to replay the claim before the game was over.
    const get = async (path) => (await fetch(BASE + path)).json();
    const { ownOutput } = await get(`/api/claims/${(await get(`/api${new URL(page.url()).pathname}`)).claimId}`);
    assert.ok(liar === 'proposer' || !ownOutput, 'a right answer is not contradicted');
    if (ownOutput) await about.filter({ hasText: /This server's answer\s*2 \+ 3 = 5/ }).waitFor();
    await page.getByText(new RegExp(`\\d rounds narrowed [\\d.]+ (million|billion|trillion) steps down to one.*the ${liar} loses the bond`)).waitFor();
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
      assert.match(words, /Moves: the \d+ ranges listed are those of the dispute contract/);
      assert.match(words, /Ending: on chain the game is won by the challenger/);
      assert.match(words, /About: as posted on chain: asked “What is 2 plus 3\?”, claimed “2 \+ 3/);
      assert.match(words, /changes|no running state/, 'the instruction and its effect are shown');
      const milliseconds = Number(/Executed here in ([0-9.]+) ms/.exec(words)[1]);
      console.log(`step verified in ${milliseconds} ms`);
    }
    assert.deepEqual(await axe(page), []);
    await shoot(page, `game-${liar}-1280`);
    if (liar === 'proposer') {
      const { pathname } = new URL(page.url());
      await page.getByRole('button', { name: 'Replay the dispute in my browser' }).click();
      await page.locator('opml-dispute-panel .badge.good', { hasText: 'The claimed state is wrong' }).waitFor();
      assert.match(await page.locator('opml-dispute-panel').innerText(), /First state: .* make the state that the contract began the game with/);
      const operator = page.locator('opml-operator-panel');
      await operator.getByRole('button', { name: 'Replay the operator in my browser' }).click();
      await operator.locator('.badge.good', { hasText: 'The claimed state is wrong' }).waitFor();
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

test('while the server does not reach its chain, a game is checked through the reader’s own endpoint', async () => {
  const get = async (path) => (await fetch(BASE + path)).json();
  const { rpcUrl } = await get('/api/chain');
  const { id } = (await get('/api/games')).items.find((g) => g.ending === 'PROVED_WRONG');
  const page = await open('/help');
  await page.route('**/api/chain', (route) => route.fulfill({ status: 503, json: { title: 'Not available now', status: 503, detail: 'The chain does not answer: try again.' } }));
  await page.evaluate((url) => {
    localStorage.clear(); // as if it had never heard of the chain
    localStorage.setItem('opml.rpc', url);
  }, rpcUrl);
  await page.goto(`${BASE}/games/${id}`);
  await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
  const step = page.locator('opml-step-panel .verdict', { hasText: 'The claimed state is wrong' });
  await step.waitFor();
  assert.match(await step.innerText(), /Contracts: dispute and step verifier on chain [^]*Server: .* the event that opened the game has led to the contracts/);
  await page.getByRole('button', { name: 'Replay the dispute in my browser' }).click();
  await page.locator('opml-dispute-panel .badge.good', { hasText: 'The claimed state is wrong' }).waitFor();
  // An event of the same form from a contract that is not the dispute leads nowhere.
  await page.route(rpcUrl, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const { method } = route.request().postDataJSON();
    await route.fulfill({ response, body: method === 'eth_getTransactionReceipt' ? body.replaceAll(/"address":"0x[0-9a-f]{40}"/g, `"address":"0x${'00'.repeat(19)}aa"`) : body });
  });
  await page.getByRole('button', { name: 'Verify this step in my browser' }).click();
  await page.locator('opml-step-panel .badge.bad', { hasText: 'is not the dispute contract that this page was built with' }).waitFor();
  await page.context().close();
});

nothingWentWrong();
