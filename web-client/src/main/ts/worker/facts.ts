/** One thing that was checked: what was found and, in words, what that proves. */
export interface Fact {
  name: string;
  words: string;
  mark: 'good' | 'bad' | 'note';
}

export const good = (name: string, words: string): Fact => ({ name, words, mark: 'good' });
export const bad = (name: string, words: string): Fact => ({ name, words, mark: 'bad' });
export const note = (name: string, words: string): Fact => ({ name, words, mark: 'note' });

/** What is checked does not hold; its message says what and why. */
export class Refuted extends Error {}

export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refuted(otherwise);
}

/** What no check here can prove. */
export const TRUSTED =
  'the RPC endpoint to tell the truth about the chain, the chain itself, and this page and browser to be the ones you meant to open';
