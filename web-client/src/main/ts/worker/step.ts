import type { Chain, DisputedStep, Game } from '../shared/api';
import { hexToBytes } from './bytes';
import { demand, Refuted } from './facts';
import { readGame, whoIsRight } from './game-check';
import type { StepVerdict } from './messages';
import { VerifierModule } from './module';
import { Node } from './node';

const TIMED = 16; // a browser's clock is coarse

/** The step that a game ended at: position from the chain, witness from wherever, executed here. */
export async function verifyStep(game: Game, step: DisputedStep, chain: Chain): Promise<StepVerdict> {
  const v = await VerifierModule.open();
  const verdict: StepVerdict = { holds: false, words: '', facts: [], post: undefined, milliseconds: 0, text: undefined };
  try {
    const { last, facts } = await readGame(v, new Node(v, chain), game.id, game.moves);
    verdict.facts = facts;
    const witness = hexToBytes(step.witness);
    const { pre, post, lo, hi } = v.disputed(last, witness); // the first run compiles; the next ones are timed
    const began = performance.now();
    for (let i = 0; i < TIMED; i++) v.disputed(last, witness);
    verdict.milliseconds = (performance.now() - began) / TIMED;
    demand(pre === lo, 'the witness does not belong to the state that both sides agreed on');
    verdict.post = post;
    verdict.text = v.describe(last, witness);
    verdict.holds = true;
    verdict.words = whoIsRight(post === hi);
  } catch (error) {
    if (!(error instanceof Refuted)) throw error;
    verdict.words = error.message;
  }
  return verdict;
}
