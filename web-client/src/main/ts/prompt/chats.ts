import type { PromptRequest } from '../shared/api';
import { randomHex } from '../shared/format';
import { keys, lasting, ofTab } from '../shared/storage';
import { type Exchange, isBusy } from './conversation';

/** A conversation as this browser keeps it, below an address of its own. No server knows it as one. */
export interface Chat {
  id: string;
  at: number; // milliseconds, of its last answer
  exchanges: Exchange[];
}

const PREFIX = 'opml.chat.';
const KEPT = 50; // exchanges; the context is full long before
const ROOM = 500_000; // characters of one chat; browsers give all of a site some five million
const LAST = 'opml.last'; // of this tab

export function newChat(): Chat {
  return { id: randomHex(8), at: Date.now(), exchanges: [] };
}

export function readChat(id: string): Chat | undefined {
  return parsed(lasting.getItem(PREFIX + id));
}

/** Newest first. */
export function allChats(): Chat[] {
  const chats = keys(lasting).filter((key) => key.startsWith(PREFIX));
  return chats.flatMap((key) => parsed(lasting.getItem(key)) ?? []).sort((a, b) => b.at - a.at);
}

/** Keeps the answered exchanges and the one that is being answered; none: nothing stays behind. The oldest chats make room. */
export function keepChat(chat: Chat): void {
  const exchanges = chat.exchanges.filter((x) => x.phase === 'done' || x.phase === 'stopped' || (isBusy(x) && x.promptId)).slice(-KEPT);
  if (exchanges.length === 0) return forgetChat(chat.id);
  let text = JSON.stringify({ ...chat, exchanges });
  // a request holds all that was said before it
  for (let i = 0; text.length > ROOM && i < exchanges.length - 1; i++) {
    exchanges[i] = { ...exchanges[i]!, request: undefined };
    text = JSON.stringify({ ...chat, exchanges });
  }
  if (text.length > ROOM) return; // would push out all others: the chat lives as long as the page
  for (;;) {
    try {
      return lasting.setItem(PREFIX + chat.id, text);
    } catch {
      const oldest = allChats().filter((c) => c.id !== chat.id).at(-1);
      if (!oldest) return; // no room at all: the same
      forgetChat(oldest.id);
    }
  }
}

/** Whether what another tab has kept or forgotten is this chat. */
export function isOf(event: StorageEvent, chat: Chat): boolean {
  return event.key === PREFIX + chat.id;
}

export function forgetChat(id: string): void {
  lasting.removeItem(PREFIX + id);
}

export function chatPath(id: string): string {
  return `/chats/${id}`;
}

/** Where this tab's conversation goes on. */
export function lastPath(): string {
  const id = ofTab.getItem(LAST);
  return id && readChat(id) ? chatPath(id) : '/';
}

export function setLast(id: string): void {
  ofTab.setItem(LAST, id);
}

/** What the model reads: the instruction, the answered exchanges in order, then the question. */
export function messages(instruction: string, before: Exchange[], question: string): PromptRequest['messages'] {
  const told = before.filter((x) => x.text !== '' && (x.phase === 'done' || x.phase === 'stopped'));
  return [
    ...(instruction ? [{ role: 'system' as const, content: instruction }] : []),
    ...told.flatMap((x) => [
      { role: 'user' as const, content: x.question },
      { role: 'assistant' as const, content: x.text },
    ]),
    { role: 'user', content: question },
  ];
}

/** A conversation as a text file, each answer with the id of its receipt. */
export function asText(chat: Chat): string {
  const told = chat.exchanges.map((x) => {
    const source = [x.request?.model, x.receiptId && `receipt ${x.receiptId}`].filter(Boolean).join(', ');
    return `## ${x.question}\n\n${x.text}\n\n${source ? `(${source})\n` : ''}`;
  });
  return told.join('\n');
}

function parsed(text: string | null): Chat | undefined {
  try {
    const chat = JSON.parse(text ?? 'null') as Chat | null;
    const named = chat && typeof chat.id === 'string' && typeof chat.at === 'number' && Array.isArray(chat.exchanges);
    const whole = named && chat.exchanges.length > 0 && chat.exchanges.every((x) => typeof x.question === 'string' && typeof x.text === 'string');
    return whole ? chat : undefined;
  } catch {
    return undefined; // not written by this page
  }
}
