import type { PromptRequest } from '../shared/api';
import { type Exchange, isBusy } from './conversation';

const KEY = 'opml.conversation';
const KEPT = 50; // exchanges; the context is full long before

/** The conversation of this browser, as it was left. */
export function restored(): Exchange[] {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '[]') as Exchange[]).filter((x) => typeof x.question === 'string');
  } catch {
    return [];
  }
}

/** Keeps the answered exchanges and the one that is being answered; none: nothing stays behind. */
export function keep(exchanges: Exchange[]): void {
  const kept = exchanges.filter((x) => x.phase === 'done' || x.phase === 'stopped' || (isBusy(x) && x.promptId)).slice(-KEPT);
  if (kept.length === 0) return localStorage.removeItem(KEY);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    localStorage.removeItem(KEY); // no room: the conversation lives as long as the page
  }
}

/** What the model reads: the answered exchanges in order, then the question. */
export function messages(before: Exchange[], question: string): PromptRequest['messages'] {
  const told = before.filter((x) => x.text !== '' && (x.phase === 'done' || x.phase === 'stopped'));
  return [
    ...told.flatMap((x) => [
      { role: 'user' as const, content: x.question },
      { role: 'assistant' as const, content: x.text },
    ]),
    { role: 'user', content: question },
  ];
}
