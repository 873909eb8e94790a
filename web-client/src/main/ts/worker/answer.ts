import type { Chain, Model, Receipt } from '../shared/api';
import { bytesToHex, hexToBytes } from './bytes';
import { demand, type Fact, good, Refuted } from './facts';
import type { Shown, Verdict } from './messages';
import { Node } from './node';
import { checkReceipt } from './receipt-check';
import { ModelReplay } from './replay';
import type { Progress } from './verifier-client';

const SLICE_MS = 100; // between two reports

/** Everything that must hold for an answer: who is bound by it, content against roots, and the same bits again. */
export async function verifyAnswer(r: Receipt, shown: Shown, m: Model, c: Chain, machine: boolean, progress: Progress): Promise<Verdict> {
  const facts: Fact[] = [];
  try {
    const input = hexToBytes(r.input);
    const output = hexToBytes(r.output);
    wellFormed(r, m, input, output);
    facts.push(...same(r, m, shown));
    const replay = await ModelReplay.open(m, input.length);
    const v = replay.module;
    progress('chain', 0, 1);
    const node = new Node(v, c);
    facts.push(...(await checkReceipt(v, node, r)));
    demand(v.keccak(input) === r.inputHash, 'the input bytes do not hash to the input commitment');
    demand(v.keccak(output) === r.outputHash, 'the output bytes do not hash to the output commitment');
    facts.push(good('Text', 'the request and the answer shown in this receipt hash to its commitments'));

    const modelId = await replay.load(node.address('verifier'), progress);
    demand(modelId === r.modelId, `the weights and code served here make model ${modelId}, the receipt names ${r.modelId}`);
    facts.push(good('Model', 'weights and code that ran here hash to the model id of the receipt'));
    replay.begin(input, machine);
    facts.push(again(replay, r, progress));
    progress('compare', 0, 1);
    demand(bytesToHex(replay.output(output.length)) === r.output, 'running the model here gives another answer: the receipt is false');
    demand(replay.exits(output), 'the program does not end with this answer and nothing else: the receipt is false');
    return { holds: true, words: 'The answer is right: the same bits, computed here.', facts };
  } catch (error) {
    if (error instanceof Refuted) return { holds: false, words: error.message, facts };
    throw error;
  }
}

/** A server could show one answer, or ask its model another question, and let a receipt about something else be verified. */
function same(r: Receipt, m: Model, shown: Shown): Fact[] {
  demand(shown.model === undefined || shown.model === m.name, `the receipt is about ${m.name}, another model than the one asked`);
  demand(shown.input === undefined || shown.input === r.input, 'the receipt is about another request than the one sent from this page');
  demand(shown.text === undefined || shown.text === r.text, 'the answer that this page shows is not the one of the receipt');
  if (shown.text === undefined) return [];
  return [good('Shown', shown.input === undefined ? 'the answer on this page is that of the receipt' : 'request and answer on this page are those of the receipt')];
}

/** Runs the whole answer again, in slices of about the same time whatever the model's size. */
function again(replay: ModelReplay, r: Receipt, progress: Progress): Fact {
  const began = performance.now();
  const expected = Number(r.operators);
  let slice = 1;
  let ran = 0;
  while (!replay.ended && ran <= 2 * expected + 64) {
    const from = performance.now();
    ran += replay.run(slice);
    slice = performance.now() - from < SLICE_MS ? 2 * slice : Math.max(1, slice >> 1);
    progress('replay', ran, expected);
  }
  demand(replay.ended, 'the program did not end');
  demand(ran <= 64 ** r.h, `the answer takes ${ran} operators, more than the receipt's h = ${r.h} allows`);
  const seconds = (performance.now() - began) / 1000;
  const rate = `${((r.promptTokens + r.completionTokens) / seconds).toFixed(1)} tokens/s`;
  const instructions = replay.instructions;
  const speed = instructions > 0 ? `${(instructions / seconds / 1e6).toFixed(0)} M instructions/s of the virtual machine, ${rate}` : rate;
  const time = seconds < 1 ? `${Math.ceil(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`;
  return good('Replay', `${ran.toLocaleString('en')} operators in ${time}, ${speed}: the program of the model id gives this answer`);
}

/** Protocol section 6: nothing missing, nothing left over, and the text shown is the text committed. */
function wellFormed(r: Receipt, m: Model, input: Uint8Array, output: Uint8Array): void {
  const word = (b: Uint8Array, at: number): number => new DataView(b.buffer, b.byteOffset).getUint32(at, true);
  demand(input.length >= 32 && input.length <= 32768 && input.length === 32 + word(input, 20), 'the input bytes are malformed');
  demand(output.length >= 16 && output.length <= 65536 && output.length === 16 + word(output, 12), 'the output bytes are malformed');
  const sizes = hexToBytes(m.sizes);
  demand(input.length <= 32 * 2 ** sizes[1]! && output.length <= 32 * 2 ** sizes[4]!, 'the bytes do not fit the regions of the model');
  demand(Number.isInteger(r.h) && r.h >= 1 && r.h <= 4, `h is ${r.h}; 1 to 4 is allowed`);
  demand(new TextDecoder().decode(output.slice(16)) === r.text, 'the text shown is not the text of the committed answer');
}
