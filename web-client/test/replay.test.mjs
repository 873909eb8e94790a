// Whole replays in real Chromium of models that somebody made up to be believed: own programs, and weights that end anywhere.
// BASE: a running server, whose worker files, guest and small model are used.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { bring, launch, openToScripts } from './chromium.mjs';

const BASE = process.env.BASE;
assert.ok(BASE, 'set BASE to the address of a running server');
const guestRoot = readFileSync(new URL('../../src/main/resources/opml/guest.root', import.meta.url), 'utf8').trim().replace(/^0x/, '');
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
let browser;
let page;

before(async () => {
  browser = await launch();
  page = await openToScripts(browser, BASE);
  const modules = { replays: '../src/main/ts/worker/replay', requests: '../src/main/ts/shared/request' };
  await bring(page, modules, { define: { GUEST_ROOT: JSON.stringify(guestRoot) } });
});
after(() => browser?.close());

/** A model of the name "own", served to the page with this content. */
async function serve(sizes, code, weights) {
  await page.unrouteAll();
  const bytes = (body) => (route) => route.fulfill({ body: Buffer.from(body), contentType: 'application/octet-stream' });
  await page.route('**/api/models/own/code', bytes(code));
  await page.route('**/api/models/own/weights', bytes(weights));
  return { id: 'own', sizes: hex(sizes), codeBytes: String(code.length), weightsBytes: String(weights.length), codeRoot: '0x00', weightsRoot: '0x00' };
}

const ANSWER = [0x00400293, 0x02829293, 0x00100313, 0x0062a623, 0x04100393, 0x00728823]; // OUTPUT: length 1, text A
const ECALL = 0x00000073;
const EXIT = [0x00100893, ECALL]; // a7 = 1
const PROGRAMS = [
  ['ends with the answer', [...ANSWER, ...EXIT], true, true],
  ['faults after it has written the answer', [...ANSWER, 0x00100073], true, false],
  ['leaves a byte behind the answer', [...ANSWER, 0x007288a3, ...EXIT], true, false],
  ['yields for ever', [...ANSWER, ECALL], false, false],
  ['takes more steps than an operator owns', [...ANSWER, 0x0000006f], false, false],
];

test('an answer holds where its program ends with it and with nothing else', async () => {
  const output = new Uint8Array(17);
  output.set([1, 0, 0, 0, 65], 12);
  for (const [what, words, ended, holds] of PROGRAMS) {
    const model = await serve([7, 7, 7, 7, 7, 7], new Uint8Array(new Uint32Array(words).buffer), new Uint8Array(32));
    const found = await page.evaluate(
      async ([m, wanted]) => {
        const replay = await globalThis.replays.ModelReplay.open(m, 32);
        await replay.load(`0x${'00'.repeat(20)}`, () => undefined);
        replay.begin(new Uint8Array(32));
        replay.run(2);
        return { output: [...replay.output(17)], ended: replay.ended, holds: replay.exits(new Uint8Array(wanted)), longer: replay.exits(new Uint8Array(5000)) };
      },
      [model, [...output]],
    );
    assert.deepEqual(found, { output: [...output], ended, holds, longer: false }, what);
  }
});

for (const [what, fails] of [['does not forget them', false], ['cannot forget them', true]]) {
  test(`a store that gives wrong bytes and ${what} is left after one look`, async () => {
    const weights = new Uint8Array(64).fill(7);
    const model = await serve([7, 7, 7, 7, 7, 7], new Uint8Array(32), weights);
    const looks = await page.evaluate(
      async ([m, root, fails]) => {
        const store = await caches.open('opml-parts');
        await store.put(`/content/${root}?part=0`, new Response(new Uint8Array(64)));
        const { match } = Cache.prototype;
        let count = 0;
        Cache.prototype.match = function (...query) {
          return ++count > 100 ? Promise.resolve(undefined) : match.apply(this, query);
        };
        Cache.prototype.delete = () => (fails ? Promise.reject(new Error('not now')) : Promise.resolve(false));
        const replay = await globalThis.replays.ModelReplay.open({ ...m, weightsRoot: root }, 32);
        await replay.load(`0x${'00'.repeat(20)}`, () => undefined);
        Cache.prototype.match = match;
        return { count, placed: [...replay.module.bytes.slice(replay.places.weights, replay.places.weights + 64)] };
      },
      [model, `0x${'ab'.repeat(32)}`, fails],
    );
    assert.deepEqual(looks, { count: 2, placed: [...weights] }, 'one look for the code, one for the weights');
  });
}

test('weights may end within a vector', async () => {
  const get = async (path) => (await fetch(`${BASE}/api/models${path}`)).json();
  const { items } = await get('');
  const { id, sizes } = items.find((m) => m.architecture !== 'perceptron');
  const content = async (part) => new Uint8Array(await (await fetch(`${BASE}/api/models/${id}/${part}`)).arrayBuffer());
  const [code, whole] = await Promise.all([content('code'), content('weights')]);
  // Queries, keys and values of the first layer go to the end of the content, which ends within their last 32 weights.
  const entry = 512 + 64 * 4;
  const from = new DataView(whole.buffer);
  const plane = Number(from.getBigUint64(entry + 16, true) & 0xffffffffffn);
  const length = from.getUint32(entry + 4, true) * from.getUint32(entry + 8, true);
  assert.equal(from.getUint32(entry, true), 8, 'a byte a weight');
  const weights = new Uint8Array(whole.length + length - 5);
  weights.set(whole);
  weights.set(whole.subarray(plane, plane + length - 5), whole.length);
  weights[weights.length - 1] = 77;
  new DataView(weights.buffer).setBigUint64(entry + 16, (3n << 40n) + BigInt(whole.length), true);
  const model = await serve(Buffer.from(sizes.slice(2), 'hex'), code, weights);
  const [native, machine] = await page.evaluate(async (m) => {
    const { ModelReplay } = globalThis.replays;
    const { committed } = globalThis.requests;
    const input = committed({ model: '', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 1, temperature: 0 });
    const run = async (inMachine, operators) => {
      const replay = await ModelReplay.open(m, input.length);
      await replay.load(`0x${'00'.repeat(20)}`, () => undefined);
      replay.begin(input, inMachine);
      const ran = replay.run(operators);
      return { ran, state: `${replay.native} ${replay.ended} ${replay.module.stateHash()}` };
    };
    const { ran } = await run(false, 1000);
    return [(await run(false, ran - 1)).state, (await run(true, ran - 1)).state]; // the last operator leaves nothing but the answer
  }, model);
  assert.equal(native, machine);
  assert.match(native, /^true false /, 'the guest, before its end');
});
