import type { Chat } from './chats';
import { type Exchange, isBusy } from './conversation';

const CUTS = 200; // exchanges that are remembered as taken out

/** What names an exchange in every tab: the server's name of its prompt, as soon as there is one. */
export function nameOf(x: Exchange): string {
  return x.promptId ?? `${x.began} ${x.question}`;
}

/**
 * One chat as two tabs know it: what either was told, and nothing that either took out. Where both know an exchange, it stays the
 * first's, unless only the second's is answered; so the first's unchanged means that the second brings nothing.
 */
export function merged(first: Chat, second: Chat): Chat {
  const cut = [...new Set([...(first.cut ?? []), ...(second.cut ?? [])])].slice(-CUTS);
  const known = new Map(first.exchanges.map((x) => [nameOf(x), x]));
  for (const x of second.exchanges) {
    const before = known.get(nameOf(x));
    if (!before || (!answered(before) && answered(x))) known.set(nameOf(x), x);
  }
  const exchanges = [...known.values()].filter((x) => !cut.includes(nameOf(x))).sort((a, b) => (a.began ?? 0) - (b.began ?? 0));
  return { ...first, at: Math.max(first.at, second.at), cut, exchanges };
}

/** `chat` without the exchanges from `from` on. */
export function cutFrom(chat: Chat, from: Exchange): Chat {
  const at = chat.exchanges.indexOf(from);
  const cut = [...(chat.cut ?? []), ...chat.exchanges.slice(at).map(nameOf)];
  return { ...chat, cut, exchanges: chat.exchanges.slice(0, at) };
}

function answered(x: Exchange): boolean {
  return !isBusy(x) && x.phase !== 'failed';
}
