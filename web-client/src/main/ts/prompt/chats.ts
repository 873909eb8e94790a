import type { PromptRequest } from '../shared/api';
import { randomHex } from '../shared/format';
import { keys, lasting, ofTab } from '../shared/storage';
import { outdated } from '../shared/version';
import { type Exchange, isBusy } from './conversation';
import { merged } from './merge';

/** A conversation as this browser keeps it, below an address of its own. No server knows it as one. */
export interface Chat {
  id: string;
  at: number; // milliseconds, of its last answer
  cut?: string[]; // what was taken out of it: another tab that still shows it does not bring it back
  exchanges: Exchange[];
}

/** What another tab has just done to a chat. */
export type News = Chat | 'deleted' | undefined;

const PREFIX = 'opml.chat.';
const GONE = 'deleted '; // and when, in place of a chat: a tab that still answers in it does not bring it back
const GONE_MS = 7 * 24 * 3600_000; // no tab knows a chat for that long without hearing that it was deleted
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

/**
 * Keeps the answered exchanges and those that are being answered, beside what other tabs have kept of the same chat. The oldest
 * chats make room. False where the chat was deleted meanwhile, or a newer page keeps it: nothing is kept then.
 */
export function keepChat(chat: Chat): Promise<boolean> {
  return alone(() => {
    const kept = lasting.getItem(PREFIX + chat.id);
    if (outdated() || kept?.startsWith(GONE)) return false;
    const before = parsed(kept);
    const text = written(before ? merged(before, chat) : chat);
    if (text && text !== kept) put(chat.id, text);
    return true;
  });
}

/** As it is kept; undefined when there is nothing to keep, or too much of it. */
function written(chat: Chat): string | undefined {
  const exchanges = chat.exchanges.filter((x) => x.phase === 'done' || x.phase === 'stopped' || (isBusy(x) && x.promptId)).slice(-KEPT);
  if (exchanges.length === 0) return undefined;
  let text = JSON.stringify({ ...chat, exchanges });
  // a request holds all that was said before it
  for (let i = 0; text.length > ROOM && i < exchanges.length - 1; i++) {
    exchanges[i] = { ...exchanges[i]!, request: undefined };
    text = JSON.stringify({ ...chat, exchanges });
  }
  return text.length > ROOM ? undefined : text; // more would push out all others: the chat lives as long as the page
}

function put(id: string, text: string): void {
  for (;;) {
    try {
      return lasting.setItem(PREFIX + id, text);
    } catch {
      const oldest = allChats().filter((c) => c.id !== id).at(-1);
      if (!oldest) return; // no room at all: the same
      lasting.removeItem(PREFIX + oldest.id);
    }
  }
}

/**
 * No other tab writes a chat meanwhile, where the browser has locks: it gives them to pages that came over HTTPS or loopback, and
 * none where it keeps nothing.
 */
async function alone<T>(work: () => T): Promise<T> {
  return navigator.locks && lasting instanceof Storage ? navigator.locks.request('opml.chats', work) : work();
}

/** What `event` tells about a chat: as it is now, that it was deleted, or nothing. */
export function newsOf(event: StorageEvent, id: string): News {
  return event.key === PREFIX + id ? newsIn(event.newValue) : undefined;
}

/** The same for who has heard no events for a while. */
export function newsNow(id: string): News {
  return newsIn(lasting.getItem(PREFIX + id));
}

function newsIn(kept: string | null): News {
  return kept?.startsWith(GONE) ? 'deleted' : parsed(kept);
}

/** Calls `changed` when another tab has kept or deleted a chat. */
export function onChats(changed: () => void, signal: AbortSignal): void {
  const heard = ({ key }: StorageEvent): void => {
    if (key === null || key.startsWith(PREFIX)) changed();
  };
  window.addEventListener('storage', heard, { signal });
}

export function forgetChat(id: string): Promise<void> {
  return alone(() => {
    if (outdated()) return;
    for (const key of keys(lasting).filter((key) => key.startsWith(PREFIX))) {
      const kept = lasting.getItem(key) ?? '';
      if (kept.startsWith(GONE) && Date.now() - Number(kept.slice(GONE.length)) > GONE_MS) lasting.removeItem(key);
    }
    lasting.removeItem(PREFIX + id); // so that there is room
    lasting.setItem(PREFIX + id, GONE + Date.now());
  });
}

/** Undoes the deletion. */
export function bringBack(chat: Chat): Promise<boolean> {
  if (!outdated()) lasting.removeItem(PREFIX + chat.id);
  return keepChat(chat);
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
    if (!whole) return undefined;
    if (!Array.isArray(chat.cut)) delete chat.cut;
    return chat;
  } catch {
    return undefined; // not written by this page
  }
}
