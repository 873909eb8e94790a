import type { Chain, Model, Receipt } from '../shared/api';
import { bytesToHex, hexToBytes } from '../shared/format';
import type { Progress } from './verifier-client';
import type { Verdict } from './messages';
import { VerifierModule } from './module';
import { rpc, view } from './rpc';

const STATE = 0;
const INPUT = 2;
const WEIGHTS = 3;
const OUTPUT = 4;
const ZEROS = 7;
const SLICE = 64; // operators between two reports

declare const GUEST_ROOT: string; // root of the guest's code, put in by the build

class Refuted extends Error {}

/** Everything that must hold for an answer: content against roots, roots against the chain, and the same bits again. */
export async function verifyAnswer(r: Receipt, m: Model, c: Chain, progress: Progress): Promise<Verdict> {
  const facts: [string, string][] = [];
  try {
    const sizes = hexToBytes(m.sizes); // CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH
    const [, inputSize, weightsSize, stateSize, outputSize] = sizes as unknown as number[];
    const input = hexToBytes(r.input);
    const output = hexToBytes(r.output);
    wellFormed(r, input, output);
    const stateBytes = 32 * 2 ** stateSize!;
    const outputBytes = 32 * 2 ** outputSize!;
    const weightsBytes = Number(m.weightsBytes);
    const align = (n: number): number => Math.ceil(n / 64) * 64 + 64;
    const places = { code: VerifierModule.DATA, weights: 0, input: 0, state: 0, output: 0, zeros: 0, end: 0 };
    places.weights = places.code + align(Number(m.codeBytes));
    places.input = places.weights + align(weightsBytes);
    places.state = places.input + align(input.length);
    places.output = places.state + align(stateBytes);
    places.zeros = places.output + align(outputBytes);
    places.end = places.zeros + 64;
    const v = await VerifierModule.open(places.end);

    await download(`/api/models/${encodeURIComponent(m.id)}/code`, v.bytes, places.code, Number(m.codeBytes), () => undefined);
    await download(`/api/models/${encodeURIComponent(m.id)}/weights`, v.bytes, places.weights, weightsBytes, (done) =>
      progress('fetch', done, weightsBytes),
    );
    v.bytes.set(input, places.input);

    const total = Number(m.codeBytes) + weightsBytes;
    const codeRoot = v.root(places.code, Number(m.codeBytes), sizes[0]!, () => progress('commitments', 0, total));
    const weightsRoot = v.root(places.weights, weightsBytes, weightsSize!, (done) => progress('commitments', done, total));
    const verifierAddress = await ownVerifier(v, c);
    const modelId = v.modelId(join(verifierAddress, sizes, hexToBytes(codeRoot), hexToBytes(weightsRoot)));
    demand(modelId === r.modelId, `the weights and code served here make model ${modelId}, the receipt names ${r.modelId}`);
    demand(codeRoot === `0x${GUEST_ROOT}`, 'the model runs another program than the one this page carries: it cannot be replayed here');
    facts.push(['Model', 'weights and code hash to the model id']);
    demand(v.keccak(input) === r.inputHash, 'the input bytes do not hash to the input commitment');
    demand(v.keccak(output) === r.outputHash, 'the output bytes do not hash to the output commitment');
    facts.push(['Commitments', 'input and output hash to the receipt']);

    progress('chain', 0, 1);
    facts.push(['Chain', await anchored(v, r, c)]);

    v.exports.replayBegin();
    v.exports.replayPlace(STATE, places.state, stateBytes, stateSize!);
    v.exports.replayPlace(INPUT, places.input, input.length, inputSize!);
    v.exports.replayPlace(WEIGHTS, places.weights, weightsBytes, weightsSize!);
    v.exports.replayPlace(OUTPUT, places.output, outputBytes, outputSize!);
    v.exports.replayPlace(ZEROS, places.zeros, 64, 1);
    const began = performance.now();
    const expected = Number(r.operators);
    let ran = 0;
    while (!v.exports.replayEnded() && ran <= 2 * expected + SLICE) {
      ran += v.check(v.exports.replayRun(SLICE));
      progress('replay', ran, expected);
    }
    const seconds = (performance.now() - began) / 1000;
    facts.push(['Replay', `${ran} operators in ${seconds.toFixed(1)} s, ${((r.promptTokens + r.completionTokens) / seconds).toFixed(1)} tokens/s`]);

    progress('compare', 0, 1);
    const own = v.bytes.slice(places.output, places.output + output.length);
    demand(v.exports.replayEnded() === 1, 'the program did not end');
    demand(ran <= 64 ** r.h, `the answer takes ${ran} operators, more than the receipt's h = ${r.h} allows`);
    demand(bytesToHex(own) === r.output, 'running the model here gives another answer: the receipt is false');
    return { holds: true, words: 'The answer is right: the same bits, computed here.', facts };
  } catch (error) {
    if (error instanceof Refuted) return { holds: false, words: error.message, facts };
    throw error;
  }
}

/** Protocol section 6: nothing missing, nothing left over, and the text shown is the text committed. */
function wellFormed(r: Receipt, input: Uint8Array, output: Uint8Array): void {
  const word = (b: Uint8Array, at: number): number => new DataView(b.buffer, b.byteOffset).getUint32(at, true);
  demand(input.length >= 32 && input.length <= 32768 && input.length === 32 + word(input, 20), 'the input bytes are malformed');
  demand(output.length >= 16 && output.length <= 65536 && output.length === 16 + word(output, 12), 'the output bytes are malformed');
  demand(Number.isInteger(r.h) && r.h >= 1 && r.h <= 4, `h is ${r.h}; 1 to 4 is allowed`);
  demand(new TextDecoder().decode(output.slice(16)) === r.text, 'the text shown is not the text of the committed answer');
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refuted(otherwise);
}

/** The step verifier that the dispute contract on the chain uses; it is part of every model id. */
async function ownVerifier(v: VerifierModule, c: Chain): Promise<Uint8Array> {
  const word = await view(c.rpcUrl, c.contracts.dispute, selector(v, 'VERIFIER()'), []);
  return hexToBytes(word).slice(12);
}

/** Receipt hash up its branch to a root that the proposer anchored, read from the chain itself. */
async function anchored(v: VerifierModule, r: Receipt, c: Chain): Promise<string> {
  const chainId = BigInt(await rpc(c.rpcUrl, 'eth_chainId', [])).toString();
  if (!r.anchor) return 'not anchored yet: nothing on chain binds this answer so far';
  const deadline = new DataView(new ArrayBuffer(8));
  deadline.setBigUint64(0, BigInt(r.deadline));
  const parts = join(
    hexToBytes(r.modelId), hexToBytes(r.inputHash), hexToBytes(r.outputHash), new Uint8Array([r.h]),
    new Uint8Array(deadline.buffer), hexToBytes(r.proposer),
  );
  const leaf = v.receiptHash(parts);
  const root = v.climb(hexToBytes(leaf), r.anchor.index, r.anchor.branch.map(hexToBytes));
  demand(root === r.anchor.root, 'the receipt does not belong to the anchored batch');
  const proposer = new Uint8Array(32);
  proposer.set(hexToBytes(r.proposer), 12);
  const time = await view(c.rpcUrl, c.contracts.receipts, selector(v, 'anchoredAt(address,bytes32)'), [proposer, hexToBytes(root)]);
  demand(BigInt(time) > 0n, 'the chain knows no such anchored batch');
  return `anchored on chain ${chainId} at ${new Date(Number(BigInt(time)) * 1000).toISOString()}`;
}

function selector(v: VerifierModule, signature: string): string {
  return v.keccak(new TextEncoder().encode(signature)).slice(0, 10);
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

async function download(url: string, into: Uint8Array, at: number, length: number, progress: (done: number) => void): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const reader = response.body.getReader();
  let done = 0;
  for (;;) {
    const { done: end, value } = await reader.read();
    if (end) break;
    if (done + value.length > length) throw new Refuted(`${url} sends more than the ${length} bytes announced`);
    into.set(value, at + done);
    done += value.length;
    progress(done);
  }
  if (done !== length) throw new Refuted(`${url} sent ${done} of the ${length} bytes announced`);
}
