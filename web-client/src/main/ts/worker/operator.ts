import type { Chain, Game, Model } from '../shared/api';
import { bytesToHex, hexToBytes } from './bytes';
import { placed } from './content';
import { demand, type Fact, good, note, Refuted } from './facts';
import { judged, readGame } from './game-check';
import type { Verdict } from './messages';
import { VerifierModule } from './module';
import { Node } from './node';
import { ROOM, WORK } from './places';
import { served } from './served';
import type { Progress } from './verifier-client';
import { BUSY } from './wasm';

const [STATE, CODE, INPUT, WEIGHTS, OUTPUT] = [0, 1, 2, 3, 4];
const CODE_LIMIT = 1 << 20;
const INPUT_LIMIT = 1 << 16;
const BUFFER = 1 << 19; // 64 pages and their proof
const SLOTS = 2 ** 24; // steps that an operator owns
const SLICE_STEPS = 1 << 20;
const YIELD_BYTES = 167;
const BUSY_TRIES = 120;
const REPLAY_MS = 600_000; // what a server may take to replay up to the step
const ROOTS = 64; // where roots lie for a call

const places = { code: WORK, input: WORK + CODE_LIMIT, room: WORK + CODE_LIMIT + INPUT_LIMIT, buffer: WORK + CODE_LIMIT + INPUT_LIMIT + Math.ceil(ROOM / 64) * 64 };

/**
 * The one operator that a game has come down to, run in the virtual machine from the state before it that both sides agree on. Code
 * and request are here; of weights and state only what the operator touches is fetched, each range with its proof.
 */
export async function replayOperator(game: Game, model: Model, chain: Chain, progress: Progress): Promise<Verdict> {
  const facts: Fact[] = [];
  try {
    const v = await VerifierModule.open(places.buffer + BUFFER);
    progress('chain', 0, 1);
    const read = await readGame(v, new Node(v, chain), game.id, game.moves);
    facts.push(...read.facts);
    demand(read.operator !== undefined, 'the game has not come down to one operator yet: come back after more moves');
    const operator = v.place(read.operator!, 'lo').operators;
    const agreed = v.position(read.operator!)[2];
    progress('fetch', 0, 1);
    const began = performance.now();
    const state = hexToBytes((await json<{ preimage: string }>(`/api/games/${game.id}/operators/${operator}`)).preimage);
    demand(v.keccak(state) === agreed, 'the state sent is not the one that both sides agree on: it does not hash to it');
    demand(state.length === YIELD_BYTES && state[0] === 1, 'in the agreed state nothing is left to run');
    await begin(v, game, model, operator, state, read.input);
    facts.push(good('First state', `before operator ${operator}: regions and roots hash to the state that both sides agree on`));
    facts.push(note('Taken over', 'how that state came about is not checked here: two liars may agree on a false one, which only the whole replay shows'));

    const disputed = v.position(read.last);
    const total = steps(v, read.last, 'hi', operator);
    let at = run(v, 0, steps(v, read.last, 'lo', operator), total, progress);
    demand(v.stateHash() === disputed[2], 'my state differs already where both sides agreed: both are wrong');
    facts.push(good('Agreed state', 'mine is the same'));
    at = run(v, at, total, total, progress);
    const own = v.stateHash();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const fetched = (v.exports.replayFetched() / 1e6).toFixed(2);
    facts.push(note('Replay', `${v.exports.replayInstructions().toLocaleString('en')} instructions in ${seconds} s; ${fetched} MB of the model and its state fetched, each range proven`));
    return judged(disputed, own, facts);
  } catch (error) {
    if (error instanceof Refuted) return { holds: false, words: error.message, facts };
    throw error;
  }
}

/** Places code and request, which must have the roots of the state, and says where the rest is fetched. */
async function begin(v: VerifierModule, game: Game, model: Model, operator: number, state: Uint8Array, input: Uint8Array): Promise<void> {
  const { exports, bytes, fetched } = v;
  const sizes = state.slice(1, 7);
  const root = (position: number): Uint8Array => state.slice(7 + 32 * position, 39 + 32 * position);
  const models = `/api/models/${encodeURIComponent(model.id)}`;
  const codeBytes = Number(model.codeBytes);
  demand(codeBytes <= CODE_LIMIT && input.length <= INPUT_LIMIT, 'code or request are larger than any honest ones');
  const codeRoot = bytesToHex(root(0));
  const code = { url: `${models}/code`, root: codeRoot, length: codeBytes, size: sizes[0]! };
  demand((await placed(v, code, places.code, () => undefined)) === codeRoot, 'the code sent is not that of the agreed state');
  bytes.set(input, places.input);
  demand(v.root(places.input, input.length, sizes[1]!, () => undefined) === bytesToHex(root(1)), 'the request on chain is not that of the agreed state');
  bytes.set(sizes, 0);
  v.check(exports.replayBegin(0, 0));
  bytes.set(root(0), ROOTS);
  bytes.set(root(1), ROOTS + 32);
  exports.replayPlace(CODE!, places.code, codeBytes, ROOTS);
  exports.replayPlace(INPUT!, places.input, input.length, ROOTS + 32);
  const operators = `/api/games/${game.id}/operators/${operator}`;
  for (const [region, position, url] of [[WEIGHTS!, 2, `${models}/weights/pages`], [STATE!, 3, `${operators}/state`], [OUTPUT!, 4, `${operators}/output`]] as const) {
    bytes.set(root(position), ROOTS);
    fetched.urls.set(region, (page, count) => `${url}?page=${page}&count=${count}`);
    v.check(exports.replayFetch(region, ROOTS, places.buffer, BUFFER));
  }
  v.check(exports.replayTranslate(places.room, ROOM));
}

/** Steps from the operator's first state to a position's lo or hi. */
function steps(v: VerifierModule, position: Uint8Array, end: 'lo' | 'hi', operator: number): number {
  const place = v.place(position, end);
  return (place.operators - operator) * SLOTS + place.steps;
}

/** Runs on to a step; where the operator is over, the state repeats itself. */
function run(v: VerifierModule, from: number, to: number, total: number, progress: Progress): number {
  let at = from;
  while (at < to) {
    const ran = v.check(v.exports.replaySteps(Math.min(SLICE_STEPS, to - at)));
    if (ran === 0) return to;
    at += ran;
    progress('replay', at, total);
  }
  return at;
}

async function json<T>(url: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    const response = await served(url, { signal: AbortSignal.timeout(REPLAY_MS) });
    if (response.ok) return response.json() as Promise<T>;
    if (!BUSY.includes(response.status) || tries === BUSY_TRIES) throw new Error(`${url} answered ${response.status}: try again later`);
    await new Promise((resolve) => setTimeout(resolve, 500)); // another replay runs there
  }
}
