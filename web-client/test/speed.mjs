// Prints how fast this machine's Chromium runs a whole answer again, by the guest in WebAssembly and by the virtual machine:
// first as the page does it, then the virtual machine alone, cold (translation and compilation included) and with code that is compiled.
//   BASE=http://localhost:8080 node test/speed.mjs [QUESTION]     against a running server, with its first model
import { bring, launch, openToScripts } from './chromium.mjs';

const BASE = process.env.BASE ?? 'http://localhost:8080';
const question = process.argv[2] ?? 'Tell me a tale about a fox.';
const MACHINE_BYTES = 200e6; // larger models would keep the virtual machine busy for many minutes
const RUNS = 4;

async function asThePage(browser, model, rounds) {
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  await page.addLocatorHandler(page.getByRole('button', { name: /^Download / }), (button) => button.click()); // a large one is asked for
  await page.goto(BASE);
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  const replay = page.locator('.verdict.good li', { hasText: 'Replay' });
  for (const round of rounds) {
    if (round === 'machine') await page.getByLabel('every instruction in the virtual machine').check();
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await replay.waitFor();
    console.log(`${model.name}, ${round}: ${(await replay.textContent()).replace(/\s+/g, ' ').replace(/: the program.*/, '')}`);
  }
  await page.close();
}

/** The same answer again in a page of its own; V8 keeps compiled code from one run to the next. */
async function machineAlone(browser, model) {
  const page = await openToScripts(browser, BASE);
  await bring(page, { wasm: '../src/main/ts/worker/wasm', places: '../src/main/ts/worker/places' });
  const { items } = await (await fetch(`${BASE}/api/receipts?limit=1`)).json();
  const { input } = await (await fetch(`${BASE}/api/receipts/${items[0].id}`)).json();
  const lines = await page.evaluate(async ({ model, input, runs }) => {
    const { wasm, places } = globalThis;
    const part = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
    const octets = (hex) => Uint8Array.from(hex.slice(2).match(/../g), (pair) => parseInt(pair, 16));
    const content = { code: await part(`/api/models/${model.id}/code`), weights: await part(`/api/models/${model.id}/weights`), input: octets(input) };
    const sizes = octets(model.sizes);
    const place = places.place(model, content.input.length);
    const [verifier, kernels] = [await part('/app/verifier.wasm'), await part('/app/kernels.wasm')];
    const kept = []; // or V8 forgets
    const lines = [];
    for (let run = 0; run < runs; run++) {
      const { exports, memory } = await wasm.load(verifier, kernels, place.end);
      kept.push(exports);
      const bytes = new Uint8Array(memory.buffer);
      bytes.set(sizes, 0);
      exports.replayBegin(0, 0);
      for (const [name, data] of Object.entries(content)) bytes.set(data, place[name]);
      exports.replayPlace(1, place.code, content.code.length, 0);
      exports.replayPlace(2, place.input, content.input.length, 0);
      exports.replayPlace(3, place.weights, content.weights.length, 0);
      exports.replayPlace(0, place.state, 32 * 2 ** sizes[3], 0);
      exports.replayPlace(4, place.output, 32 * 2 ** sizes[4], 0);
      exports.replayTranslate(place.room, places.ROOM);
      const began = performance.now();
      while (!exports.replayEnded()) if (exports.replayRun(16) < 0) throw new Error('the replay failed');
      const seconds = (performance.now() - began) / 1000;
      const instructions = exports.replayInstructions() / 1e6;
      lines.push(`${instructions.toFixed(1)} M instructions in ${seconds.toFixed(2)} s, ${(instructions / seconds).toFixed(0)} M/s`);
    }
    return lines;
  }, { model, input, runs: RUNS });
  lines.forEach((line, run) => console.log(`${model.name}, machine alone, ${run === 0 ? 'cold' : 'compiled'}: ${line}`));
}

const browser = await launch();
try {
  const { items } = await (await fetch(`${BASE}/api/models`)).json();
  const machine = Number(items[0].weightsBytes) < MACHINE_BYTES;
  await asThePage(browser, items[0], machine ? ['guest', 'guest', 'machine', 'machine'] : ['guest', 'guest']);
  if (machine) await machineAlone(browser, items[0]);
} finally {
  await browser.close();
}
