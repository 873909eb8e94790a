// Contracts that are this build's, or look like it, on terms on which nobody could make a liar pay.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { keccak_256 } from '@noble/hashes/sha3';
import { ask, BASE, changed, nothingWentWrong, open } from './visitor.mjs';

const LIAR = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'; // the development chain signs for it
const BOND = 32n * 10n ** 15n;
const WEEK = 604800n;
const { rpcUrl, contracts } = await (await fetch(`${BASE}/api/chain`)).json();
const artifact = (name) => JSON.parse(readFileSync(new URL(`../../contracts/target/classes/opml/contracts/${name}.json`, import.meta.url), 'utf8'));
const word = (value) => BigInt(value).toString(16).padStart(64, '0');
const hashed = (hex) => Buffer.from(keccak_256(Buffer.from(hex, 'hex'))).toString('hex');
const call = (signature, ...words) => `0x${hashed(Buffer.from(signature).toString('hex')).slice(0, 8)}${words.map(word).join('')}`;

async function rpc(method, ...params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const { result, error } = await (await fetch(rpcUrl, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json();
  assert.equal(error, undefined, `${method}: ${error?.message}`);
  return result;
}

async function send(transaction) {
  const hash = await rpc('eth_sendTransaction', { from: LIAR, gas: '0xe00000', ...transaction });
  for (let looks = 0; looks < 1000; looks++) {
    const mined = await rpc('eth_getTransactionReceipt', hash);
    if (mined) return assert.equal(mined.status, '0x1'), mined;
  }
  assert.fail(`${hash} is in no block`);
}

const deploy = async (name, ...words) => (await send({ data: artifact(name).bytecode + words.map(word).join('') })).contractAddress;
const dispute = ({ bond = BOND, window = 60n, proposer = 300n, challenger = 300n }) => deploy('Dispute', contracts.verifier, bond, window, proposer, challenger);
const receipts = (at) => deploy('Receipts', at, WEEK);

/** The code at an address once more, put there without its constructor: changed, and with a slot of storage that is filled. */
async function placed(at, change, [slot, value] = [0, 0]) {
  const code = change((await rpc('eth_getCode', at, 'latest')).slice(2));
  const fill = `7f${word(value)}7f${word(slot)}55`;
  return (await send({ data: `0x${fill}61${(code.length / 2).toString(16).padStart(4, '0')}80604d5f395ff3${code}` })).contractAddress;
}

/** A change of the words of a parameter in some of its places. */
const filled = (name, parameter, value, places = () => true) => (code) =>
  artifact(name).immutables.filter((at) => at.name === parameter).filter((_, i) => places(i))
    .reduce((c, { start }) => c.slice(0, 2 * start) + word(value) + c.slice(2 * start + 64), code);

/** A receipt of the liar for the answer of another, anchored there, and the page that verifies it. */
async function shown(page, told, at, { deposit = 4n * BOND, left = 600n } = {}) {
  const now = BigInt((await rpc('eth_getBlockByNumber', 'latest', false)).timestamp);
  const deadline = left > WEEK ? left : now + left;
  const fields = [told.modelId, told.inputHash, told.outputHash, told.h, deadline, LIAR];
  const id = await rpc('eth_call', { to: at.receipts, data: call('hashOf((bytes32,bytes32,bytes32,uint8,uint64,address))', ...fields) }, 'latest');
  const { transactionHash } = await send({ to: at.receipts, data: call('anchor(bytes32,uint32)', id, 1) });
  if (deposit > 0n) await send({ to: at.receipts, value: `0x${deposit.toString(16)}`, data: call('deposit()') });
  const anchor = { block: '1', root: id, index: 0, branch: [], transaction: transactionHash };
  await page.unrouteAll();
  await page.route('**/api/receipts/*', (route) => route.fulfill({ json: { ...told, id, deadline: String(deadline), proposer: LIAR, anchor } }));
  await changed(page, '**/api/chain', (c) => ({ ...c, contracts: { ...c.contracts, ...at } }));
  await page.goto(`${BASE}/receipts/${id}`);
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  await page.locator('.verdict').waitFor();
}

async function answered(question) {
  const page = await open('/');
  await ask(page, question);
  await page.locator('.ladder li.now', { hasText: 'Challenge window' }).waitFor();
  await page.locator('summary', { hasText: 'Receipt 0x' }).click();
  const href = await page.getByRole('link', { name: 'Open', exact: true }).getAttribute('href');
  return [page, await (await fetch(`${BASE}/api${href}`)).json()];
}

/** What is said of contracts whose code is this build's. */
const TERMS = [
  ['terms on which a lie can be proved', {}, {}, [/✓.*Clocks: who challenges has 300 s/, /✓.*Stake: who challenges stakes 0\.032 ETH/, /✓.*Escrow: 0\.128 ETH/, /✓.*Deadline: /]],
  ['a clock of a second', { challenger: 1n }, {}, [/✗.*Clocks: who challenges has 1 s for all moves of a game and needs 1\d\d: nobody can win/]],
  ['a clock that holds no game on a chain of slow blocks', { challenger: 100n }, {}, [/✗.*Clocks: .* nobody can win/]],
  ['a game that lasts longer than anybody', { proposer: (1n << 32n) - 1n }, {}, [/✗.*Clocks: the proposer may take 49710 days/]],
  ['a bond that pays for no gas', { bond: 320n }, { deposit: 1280n }, [/✗.*Stake: .* who proves an answer false loses by it/]],
  ['a bond that few have', { bond: 40n * BOND }, { deposit: 160n * BOND }, [/•.*Stake: who challenges stakes 1\.28 ETH, .* --bond-max/]],
  ['an escrow of less than a bond', {}, { deposit: 4n * BOND - 1n }, [/✗.*Escrow: /]],
  ['a deadline beyond all dates', {}, { left: (1n << 64n) - 1n }, [/✗.*Deadline: .* lies after the moment/]],
  ['a deadline that is nearly over', {}, { left: 40n }, [/•.*Deadline: only \d+ s are left/]],
];

test('a receipt on terms on which nobody makes a liar pay is told from one that binds', async () => {
  const [page, told] = await answered('What is 5 + 4?');
  for (const [name, terms, more, said] of TERMS) {
    const at = await dispute(terms);
    await shown(page, told, { dispute: at, receipts: await receipts(at) }, more);
    const words = await page.locator('.verdict').innerText();
    for (const one of said) assert.match(words.replaceAll('\n', ' ').replace(/(?=[✓✗•])/g, '\n'), one, name);
    assert.equal(await page.locator('.verdict.good').count(), 1, 'the answer itself is right');
  }
  await page.context().close();
});

test('code that no constructor has put on chain is not that of this build', async () => {
  const [page, told] = await answered('What is 4 + 5?');
  const first = (i) => i === 0;
  const other = (i) => i > 0;
  const receiptsOf = async (at) => ({ dispute: at, receipts: await placed(contracts.receipts, filled('Receipts', 'DISPUTE', at)) });
  const cases = [];
  for (const [parameter, value] of [['VERIFIER', LIAR], ['CHALLENGER_TIME', 1n], ['CLAIM_BOND', 1n]]) {
    for (const places of [first, other]) cases.push([`two of ${parameter}`, await receiptsOf(await placed(contracts.dispute, filled('Dispute', parameter, value, places))), 'dispute']);
  }
  for (const [parameter, value] of [['CHALLENGE_BOND', 0n], ['CHALLENGE_BOND', 640n], ['PROPOSER_TIME', 1n << 32n]]) {
    cases.push([`${parameter} ${value}`, await receiptsOf(await placed(contracts.dispute, filled('Dispute', parameter, value))), 'dispute']);
  }
  for (const places of [first, other]) cases.push(['two of DISPUTE', { receipts: await placed(contracts.receipts, filled('Receipts', 'DISPUTE', LIAR, places)) }, 'receipts']);
  cases.push(['a bond that the game does not take', { receipts: await placed(contracts.receipts, filled('Receipts', 'CLAIM_BOND', 1n)) }, 'receipts']);
  for (const [name, at, which] of cases) {
    await shown(page, told, { ...contracts, ...at }, { deposit: 0n });
    assert.match(await page.locator('.verdict').innerText(), new RegExp(`not the ${which} contract that this page was built with`), name);
  }
  await page.context().close();
});

test('an escrow that nobody paid in is none', async () => {
  const [page, told] = await answered('What is 5 + 5?');
  const slot = BigInt(`0x${hashed(word(LIAR) + word(0))}`);
  const at = await placed(contracts.receipts, (code) => code, [slot, 4n * BOND]);
  await shown(page, told, { ...contracts, receipts: at }, { deposit: 0n });
  assert.match(await page.locator('.verdict li.bad').innerText(), /Escrow:.* less than one bond/);
  await page.context().close();
});

test('the chain page tells of such terms before anybody asks something', async () => {
  const page = await open('/help');
  const at = await dispute({ bond: 320n, challenger: 1n });
  const mine = { dispute: at, receipts: await receipts(at), oracle: await deploy('Oracle', at, 5n) };
  await changed(page, '**/api/chain', (c) => ({ ...c, contracts: { ...c.contracts, ...mine } }));
  await page.goto(`${BASE}/chain`);
  await page.locator('.badge.good', { hasText: 'The contracts are the ones' }).waitFor();
  assert.match(await page.locator('li.bad').nth(0).innerText(), /Clocks: .* nobody can win/);
  assert.match(await page.locator('li.bad').nth(1).innerText(), /Stake: .* loses by it/);
  await page.context().close();
});

test('the oracle that the chain page shows is that of this build, or it is told', async () => {
  const page = await open('/chain');
  await page.locator('.badge.good').waitFor();
  assert.match(await page.locator('li.good').first().innerText(), /Contracts: dispute, receipts, oracle and step verifier/);
  for (const oracle of [contracts.receipts, await placed(contracts.oracle, filled('Oracle', 'DISPUTE', LIAR, (i) => i === 0)), await placed(contracts.oracle, filled('Oracle', 'CLAIM_BOND', 1n))]) {
    await page.unrouteAll();
    await changed(page, '**/api/chain', (c) => ({ ...c, contracts: { ...c.contracts, oracle } }));
    await page.reload();
    await page.locator('.badge.bad', { hasText: 'not the oracle contract that this page was built with' }).waitFor();
  }
  await page.context().close();
});

nothingWentWrong();
