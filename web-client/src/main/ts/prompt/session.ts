import type { ReactiveController } from 'lit';
import { api, Problem, type PromptRequest } from '../shared/api';
import { announce, View } from '../shared/elements';
import { rename } from '../shared/router';
import { type Chat, chatPath, keepChat, newChat, type News, newsNow, newsOf, readChat, setLast } from './chats';
import { type Exchange, follow, isBusy, send, started } from './conversation';
import { phase } from './exchange-view';
import { cutFrom, merged } from './merge';
import type { Place } from './scroll';

/** A chat as this tab shows it: what is asked is sent, heard of, stopped and kept, beside what other tabs do with it. */
export class Session implements ReactiveController {
  chat: Chat = newChat();
  missing = false; // the chat of the address, so that a new one stands in its place
  editing: Exchange | undefined;
  busy = false;
  private here = new AbortController(); // while the page is shown
  private hearing = new AbortController(); // while this chat is shown and its answer is heard of
  private heard: Exchange | undefined; // the one that Stop stops
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly host: View & { chatId: string }, private readonly place: Place) {
    host.addController(this);
  }

  hostConnected(): void {
    this.here = new AbortController();
    const { signal } = this.here;
    addEventListener('pagehide', () => this.hearing.abort(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.back(), { signal });
    window.addEventListener('storage', (event) => this.learn(newsOf(event, this.host.chatId || this.chat.id)), { signal });
    this.clock = setInterval(() => this.busy && this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    this.here.abort();
    this.hearing.abort();
    clearInterval(this.clock);
  }

  /** Shows a kept chat, or a new one; an answer that is being written is heard of again. */
  show(id: string): void {
    this.hearing.abort();
    const kept = id ? readChat(id) : undefined;
    this.missing = id !== '' && !kept;
    this.chat = kept ?? newChat();
    this.editing = undefined;
    this.busy = false;
    setLast(kept ? id : '');
    this.heard = undefined;
    this.hearNext();
    this.host.requestUpdate();
    if (kept) void this.place.opened();
  }

  /** Asks; done when the question is answered, or the reader has left the chat. */
  async ask(question: string, request: PromptRequest): Promise<Exchange> {
    const x = started(question, request);
    this.chat.exchanges = [...this.chat.exchanges, x];
    this.chat.at = Date.now();
    this.host.requestUpdate();
    announce('Sent');
    await this.place.toEnd();
    await this.hear(x, request);
    return x;
  }

  async stop(): Promise<void> {
    const x = this.heard;
    if (!x?.promptId || !isBusy(x)) return;
    try {
      await api.stop(x.promptId, x.stopToken ?? '');
    } catch (error) {
      x.phase = 'failed';
      x.error = error instanceof Error ? error.message : String(error);
      this.hearing.abort();
    }
  }

  edit(x: Exchange | undefined): void {
    this.editing = x;
    this.host.requestUpdate();
  }

  /** What is edited, and all that follows it, leaves the conversation. */
  cut(): void {
    if (!this.editing) return;
    Object.assign(this.chat, cutFrom(this.chat, this.editing));
    this.edit(undefined);
  }

  /** The browser had laid this page by: nobody listened meanwhile. */
  private back(): void {
    if (this.busy) this.show(this.host.chatId);
    else this.learn(newsNow(this.chat.id));
  }

  /** Another tab has asked in this chat, or deleted it. What only this tab knows is kept beside what the other has kept. */
  private learn(news: News): void {
    const { chatId } = this.host;
    const elsewhere = chatId !== '' && chatId !== this.chat.id; // a new chat stands in place of one that was not here
    if (!news || (elsewhere && (news === 'deleted' || this.chat.exchanges.length > 0))) return;
    if (elsewhere || news === 'deleted') return this.show(chatId);
    Object.assign(this.chat, merged(this.chat, news));
    if (this.editing && !this.chat.exchanges.includes(this.editing)) this.editing = undefined;
    this.host.requestUpdate();
    void keepChat(this.chat);
    this.hearNext();
  }

  /** An answer that is being written, though nobody in this tab listens. */
  private hearNext(): void {
    const open = this.busy ? undefined : this.chat.exchanges.find((x) => isBusy(x) && x.promptId);
    if (open) void this.hear(open);
  }

  /** Sends a prompt if it is not sent yet, and follows it until it is answered or the reader leaves the chat. */
  private async hear(x: Exchange, request?: PromptRequest): Promise<void> {
    this.busy = true;
    this.heard = x;
    const { chat } = this;
    const { signal } = (this.hearing = new AbortController());
    const keep = async (): Promise<void> => {
      if (!(await keepChat(chat)) || signal.aborted) return;
      setLast(chat.id);
      rename(chatPath(chat.id));
    };
    try {
      if (request) {
        await send(x, request);
        await keep();
      }
      await follow(x, this.grown, signal);
      if (!signal.aborted) announce(x.phase === 'done' ? `Answer: ${x.text}` : phase(x));
    } catch (error) {
      x.phase = 'failed';
      if (error instanceof Problem && error.contextFull) x.ending = 'prompt_too_long';
      else x.error = error instanceof Error ? error.message : String(error);
    } finally {
      if (!signal.aborted) {
        this.busy = false;
        if (!isBusy(x) && x.phase !== 'failed') void keep();
        this.hearNext();
      } else if (this.chat === chat && x.phase === 'failed') this.busy = false; // given up on
      this.host.requestUpdate();
    }
  }

  private readonly grown = (): void => {
    this.host.requestUpdate();
    void this.place.follow();
  };
}
