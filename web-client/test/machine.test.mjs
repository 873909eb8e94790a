// Translated guest code in real Chromium against the interpreter of the same module: random programs, the same states wherever a run
// stops. BASE: a running server, whose worker files are used.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bring, launch, openToScripts } from './chromium.mjs';

const BASE = process.env.BASE;
assert.ok(BASE, 'set BASE to the address of a running server');
const PROGRAMS = 400;
let browser;
let page;

before(async () => {
  browser = await launch();
  page = await openToScripts(browser, BASE);
  await bring(page, { wasm: '../src/main/ts/worker/wasm', programs: './random-program.mjs' });
});
after(() => browser?.close());

test('random programs, and those that leave CODE, leave the same states, translated or not', async () => {
  const { differing, statuses } = await page.evaluate(async (programs) => {
    const part = async (name) => (await fetch(`/app/${name}.wasm`)).arrayBuffer();
    const { load } = globalThis.wasm;
    const { LeavingProgram, RandomProgram } = globalThis.programs;
    const PLACES = { 1: 0x40000, 2: 0x50000, 3: 0x60000, 0: 0x70000, 4: 0x80000, 7: 0x90000 }; // by region
    const ROOM = 0xa0000;
    const ROOM_BYTES = 2_400_000;
    const { exports, memory } = await load(await part('verifier'), await part('kernels'), ROOM + ROOM_BYTES);
    const bytes = new Uint8Array(memory.buffer);
    const run = (program, translated) => {
      bytes.set(program.sizes, 0);
      exports.replayBegin(0, 0);
      for (const [region, at] of Object.entries(PLACES)) {
        const content = program.content(Number(region));
        bytes.set(content, at);
        exports.replayPlace(Number(region), at, content.length, 0);
      }
      if (translated) exports.replayTranslate(ROOM, ROOM_BYTES);
      return program.budgets.map((budget) => {
        const ran = exports.replaySteps(budget);
        exports.replayHash(0);
        return `${ran} ${bytes.slice(0, 32)}`;
      });
    };
    const differing = [];
    const statuses = new Set();
    for (const branches of [false, true]) {
      for (const offset of [-4092, -2048, -1204, 4, 2044, 4092, ...(branches ? [] : [-(2 ** 20), 2 ** 20 - 4])]) {
        const program = new LeavingProgram(offset, branches);
        const [plain, translated] = [run(program, false), run(program, true)];
        if (plain.join() !== translated.join() || !plain[1].startsWith('1 ')) differing.push(`${branches} ${offset}`);
      }
    }
    for (let seed = 0; seed < programs; seed++) {
      const program = new RandomProgram(seed);
      const [plain, translated] = [run(program, false), run(program, true)];
      if (plain.join() !== translated.join()) differing.push(seed);
      statuses.add(plain.at(-1).startsWith('0 ') ? 'stopped' : 'running');
    }
    return { differing, statuses: [...statuses] };
  }, PROGRAMS);
  assert.deepEqual(differing, []);
  assert.equal(statuses.length, 2, 'some programs stop and some go on');
});
