import type { Chain, Model, Receipt } from '../shared/api';

/** What the page asks of the worker and hears from it. All hashing and game arithmetic is on the worker's side, in Java. */

export type Stage = 'fetch' | 'commitments' | 'chain' | 'replay' | 'compare';

export type Request =
  | { id: number; kind: 'step'; witness: Uint8Array<ArrayBuffer>; boundary: boolean }
  | { id: number; kind: 'answer'; receipt: Receipt; model: Model; chain: Chain };

export interface StepResult {
  pre: string;
  post: string;
  milliseconds: number;
}

export interface Verdict {
  holds: boolean;
  words: string;
  facts: [string, string][];
}

export type Reply =
  | { id: number; kind: 'progress'; stage: Stage; done: number; total: number }
  | { id: number; kind: 'step'; result: StepResult }
  | { id: number; kind: 'verdict'; verdict: Verdict }
  | { id: number; kind: 'error'; message: string };
