import type { Chain, DisputedStep, Game, Model, Receipt } from '../shared/api';
import type { Fact } from './facts';

/** What the page asks of the worker and hears from it. All hashing and game arithmetic is on the worker's side, in Java. */

export type Stage = 'chain' | 'kept' | 'fetch' | 'commitments' | 'replay' | 'compare';

/** What the page shows beside a receipt; what it does not show is left out. */
export interface Shown {
  /** Input bytes of the request sent from the page. */
  input?: string | undefined;
  /** Name of the model that was asked. */
  model?: string | undefined;
  /** The answer's text. */
  text?: string | undefined;
}

/** `build`: the page's own, which is the worker's unless the server was updated since the page was loaded. */
export type Request = { id: number; build: string } & Ask;

export type Ask =
  | { kind: 'step'; game: Game; step: DisputedStep; chain: Chain }
  | { kind: 'answer'; receipt: Receipt; shown: Shown; model: Model; chain: Chain; machine: boolean }
  | { kind: 'dispute' | 'operator'; game: Game; model: Model; chain: Chain }
  | { kind: 'contracts'; chain: Chain };

export interface Verdict {
  holds: boolean;
  words: string;
  facts: Fact[];
}

export interface StepVerdict extends Verdict {
  post: string | undefined;
  milliseconds: number;
  text: StepText | undefined;
}

/** What a step does, read from its witness: rows of name, before, after. */
export interface StepText {
  pc: string;
  instruction: string;
  changed: [string, string, string][];
}

export type Reply =
  | { id: number; kind: 'progress'; stage: Stage; done: number; total: number }
  | { id: number; kind: 'step'; verdict: StepVerdict }
  | { id: number; kind: 'verdict'; verdict: Verdict }
  | { id: number; kind: 'error'; message: string };
