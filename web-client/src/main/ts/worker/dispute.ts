import type { Chain, Game, Model } from '../shared/api';
import { demand, type Fact, good, note, Refuted } from './facts';
import { judged, readGame } from './game-check';
import type { Verdict } from './messages';
import { Node } from './node';
import { ModelReplay } from './replay';
import type { Progress } from './verifier-client';

const SLICE_OPERATORS = 64;
const SLICE_STEPS = 1 << 22;

/** A state of the own trace, reached from the first on. */
interface Reached {
  operators: number;
  steps: number;
}

/**
 * The disputed part of an answer, computed here: whole operators by the guest in WebAssembly, the last one instruction by instruction
 * in the virtual machine. The chain gives request, first state and position; neither side's word is needed.
 */
export async function replayDispute(game: Game, model: Model, chain: Chain, progress: Progress): Promise<Verdict> {
  const facts: Fact[] = [];
  try {
    const replay = await ModelReplay.open(model, 32768);
    const v = replay.module;
    progress('chain', 0, 1);
    const node = new Node(v, chain);
    const read = await readGame(v, node, game.id, game.moves);
    facts.push(...read.facts);
    await replay.load(node.address('verifier'), progress);
    replay.begin(read.input);
    const [, , first] = v.position(read.first);
    demand(v.stateHash() === first, 'code, weights and request do not make the first state of the game: this is another model');
    facts.push(good('First state', 'code, weights and the request posted on chain make the state that the contract began the game with'));

    const at: Reached = { operators: 0, steps: 0 };
    const began = performance.now();
    const disputed = v.position(read.last);
    const agreed = reach(replay, v.place(read.last, 'lo'), at, progress);
    demand(agreed === disputed[2], 'my state differs already where both sides agreed: both are wrong');
    const own = reach(replay, v.place(read.last, 'hi'), at, progress);
    const ran = `${at.operators.toLocaleString('en')} operators${at.steps > 0 ? ` and ${at.steps.toLocaleString('en')} instructions` : ''}`;
    facts.push(note('Replay', `${ran} in ${((performance.now() - began) / 1000).toFixed(1)} s`));
    facts.push(good('Agreed state', 'mine is the same'));
    return judged(disputed, own, facts);
  } catch (error) {
    if (error instanceof Refuted) return { holds: false, words: error.message, facts };
    throw error;
  }
}

/** Advances to a place in the trace and returns the hash of the state there. */
function reach(replay: ModelReplay, to: Reached, at: Reached, progress: Progress): string {
  if (to.operators > at.operators) at.steps = 0; // instructions of an operator count within it
  while (at.operators < to.operators && !replay.ended) {
    at.operators += replay.run(Math.min(SLICE_OPERATORS, to.operators - at.operators));
    progress('replay', at.operators, to.operators);
  }
  while (at.steps < to.steps && !replay.ended) {
    const ran = replay.steps(Math.min(SLICE_STEPS, to.steps - at.steps));
    at.steps += ran;
    if (ran === 0) break; // the operator is over: from here on the state repeats itself
  }
  return replay.module.stateHash();
}
