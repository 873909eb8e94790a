import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { api, type Model, Problem, type PromptRequest, readsImages } from '../shared/api';
import { announce, failure, title, View } from '../shared/elements';
import { go, rename } from '../shared/router';
import { ofTab } from '../shared/storage';
import '../receipt/receipt-card';
import { type Chat, chatPath, keepChat, messages, newChat, type News, newsNow, newsOf, readChat, setLast } from './chats';
import { type Exchange, follow, isBusy, send, started } from './conversation';
import { exchangeView, phase } from './exchange-view';
import { cutFrom, merged } from './merge';
import { chosen, nextSeed, type Options, optionsView, savedOptions, sendsConversation, withTokens } from './options';
import { above, atEnd } from './scroll';
import { bar, earlier, welcome } from './welcome';

const DRAFT = 'opml.draft'; // of this tab

/** The first page: a conversation of prompts with streaming answers, and under each answer its receipt. */
@customElement('opml-prompt-page')
export class PromptPage extends View {
  /** Empty: a new chat, which gets an address with its first question. */
  @property() chatId = '';
  @state() private chat: Chat = newChat();
  @state() private missing = false;
  @state() private models: Model[] = [];
  @state() private options: Options = savedOptions();
  @state() private editing: Exchange | undefined;
  @state() private busy = false;
  @state() private away = false; // the reader is further up
  @state() private error: unknown;
  private loaded: Promise<void> = Promise.resolve();
  private height = 0; // where the window was last
  private stays = true; // with the answer, until the reader goes up
  private follows = false; // an answer whose receipt is still to come
  private clock: ReturnType<typeof setInterval> | undefined;
  private here = new AbortController(); // while this page is shown
  private hearing = new AbortController(); // while this chat is shown and its answer is heard of
  private heard: Exchange | undefined; // the one that Stop stops
  @query('#prompt') private box!: HTMLTextAreaElement;
  @query('form') private form!: HTMLFormElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.here = new AbortController();
    const signal = this.here.signal;
    this.loaded = this.load();
    addEventListener('pagehide', () => this.hearing.abort(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.back(), { signal });
    addEventListener('resize', this.grow, { signal }); // the text has other lines then
    addEventListener('scroll', this.scrolled, { signal, passive: true });
    window.addEventListener('storage', (event) => this.learn(newsOf(event, this.chatId || this.chat.id)), { signal });
    this.clock = setInterval(() => this.busy && this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    this.here.abort();
    this.hearing.abort();
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chatId') && (this.chatId !== this.chat.id || !this.hasUpdated)) this.show(this.chatId);
  }

  private async load(): Promise<void> {
    try {
      this.models = (await api.models()).items.filter((m) => !readsImages(m));
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }

  /** Shows a kept chat, or a new one; an answer that is being written is heard of again. */
  private show(id: string): void {
    this.hearing.abort();
    const kept = id ? readChat(id) : undefined;
    this.missing = id !== '' && !kept;
    this.chat = kept ?? newChat();
    this.editing = undefined;
    this.busy = false;
    setLast(kept ? id : '');
    this.heard = undefined;
    this.hearNext();
    if (kept && this.hasUpdated) void this.toEnd();
  }

  /** The browser had laid this page by: nobody listened meanwhile. */
  private back(): void {
    if (this.busy) this.show(this.chatId);
    else this.learn(newsNow(this.chat.id));
  }

  /** Another tab has asked in this chat, or deleted it. What only this tab knows is kept beside what the other has kept. */
  private learn(news: News): void {
    const elsewhere = this.chatId !== '' && this.chatId !== this.chat.id; // a new chat stands in place of one that was not here
    if (!news || (elsewhere && (news === 'deleted' || this.chat.exchanges.length > 0))) return;
    if (elsewhere || news === 'deleted') return this.show(this.chatId);
    Object.assign(this.chat, merged(this.chat, news));
    if (this.editing && !this.chat.exchanges.includes(this.editing)) this.editing = undefined;
    this.requestUpdate();
    void keepChat(this.chat);
    this.hearNext();
  }

  /** An answer that is being written, though nobody in this tab listens. */
  private hearNext(): void {
    const open = this.busy ? undefined : this.chat.exchanges.find((x) => isBusy(x) && x.promptId);
    if (open) void this.hear(open);
  }

  override firstUpdated(): void {
    this.box.value = ofTab.getItem(DRAFT) ?? '';
    this.grow();
    if (this.chat.exchanges.length > 0) void this.toEnd();
  }

  override updated(): void {
    const first = this.chat.exchanges[0]?.question;
    title(this.busy ? 'Answering …' : first?.trim().slice(0, 60));
  }

  override render(): TemplateResult {
    const { exchanges } = this.chat;
    const any = exchanges.length > 0;
    const actions = { edit: this.edit, again: this.again, longer: this.longer, fresh: this.fresh };
    const from = this.editing ? exchanges.indexOf(this.editing) : exchanges.length;
    return html`
      ${any ? bar(this.chat) : welcome(this.missing, this.use)}
      <div class="exchanges" @receipt=${this.showReceipt}>${repeat(exchanges, (x) => x, (x, i) => exchangeView(x, i === exchanges.length - 1, i >= from, actions))}</div>
      ${this.error ? failure(this.error) : ''}
      <div class="foot">
        ${this.away && any ? html`<button type="button" class="latest" @click=${this.latest}>↓ Latest</button>` : ''}
        ${this.editing
          ? html`<p class="hint" role="status">
              You edit a question: when you ask, it and what follows are replaced. <button type="button" class="link" @click=${this.leaveEdit}>Cancel</button>
            </p>`
          : ''}
        <form class="ask" novalidate @submit=${this.submit} @keydown=${this.key}>
          <label class="unseen" for="prompt">Your question</label>
          <textarea id="prompt" name="prompt" rows="1" dir="auto" placeholder="Ask something" required maxlength="30000" @input=${this.grow}></textarea>
          <div class="buttons">
            ${optionsView(this.options, this.models, (options) => (this.options = options))}
            ${any ? html`<button type="button" @click=${this.fresh}>New chat</button>` : ''}
            <button type="submit" class="primary" @click=${this.press}>${this.busy ? 'Stop' : 'Ask'}</button>
          </div>
        </form>
      </div>
      ${any ? '' : earlier()}
    `;
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const question = this.box.value.trim();
    if (!question) return this.box.focus();
    this.cut();
    this.write('');
    await this.ask(question);
  };

  /** One button asks and stops, so that it keeps the focus; the second press of a double click is none on Stop. */
  private readonly press = (event: MouseEvent): void => {
    if (!this.busy) return;
    event.preventDefault();
    if (event.detail < 2) void this.stop();
  };

  private async ask(question: string): Promise<void> {
    this.busy = true;
    const chat = this.chat;
    await this.loaded; // who types fast asks before the models are known
    if (this.models.length === 0) {
      await this.load(); // the server did not answer before
      this.error = undefined; // if it still does not, the question's own failure says so
    }
    if (this.chat !== chat || !this.isConnected) {
      if (!this.box.value) this.write(question); // the reader has left before it was sent
      return;
    }
    const { options } = this;
    const model = chosen(options, this.models);
    const request: PromptRequest = {
      model: model?.name ?? '',
      messages: messages(options.instruction.trim(), sendsConversation(options, model) ? chat.exchanges : [], question),
      maxTokens: Number(options.maxTokens),
      temperature: Number(options.temperature),
      seed: options.seed || '0',
    };
    const x = started(question, request);
    chat.exchanges = [...chat.exchanges, x];
    chat.at = Date.now();
    this.requestUpdate();
    announce('Sent');
    await this.toEnd();
    await this.hear(x, request);
    if (x.phase === 'failed' && this.chat === chat && !this.box.value) this.write(question);
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
      await follow(
        x,
        () => {
          this.follows = this.stays;
          this.requestUpdate();
          if (this.follows) void this.toEnd();
        },
        signal,
      );
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
    }
  }

  /** The receipt of an answer that the reader has followed comes into view, as far as its question stays there. */
  private readonly showReceipt = (event: Event): void => {
    const exchange = (event.target as HTMLElement).closest('.exchange')!;
    if (!this.follows || exchange.nextElementSibling) return;
    this.follows = false;
    const question = scrollY + exchange.getBoundingClientRect().top - above();
    scrollTo({ top: Math.max(scrollY, Math.min(document.body.scrollHeight - innerHeight, question)) });
  };

  /** Only a reader goes up; what grows above or below leaves the window where it is. */
  private readonly scrolled = (): void => {
    const end = atEnd();
    this.stays = end || (this.stays && scrollY >= this.height);
    this.height = scrollY;
    this.away = !end;
  };

  private async toEnd(): Promise<void> {
    this.stays = true;
    await this.updateComplete;
    scrollTo({ top: document.body.scrollHeight });
  }

  private readonly latest = (event: MouseEvent): void => {
    void this.toEnd();
    if (event.detail === 0) this.box.focus({ preventScroll: true }); // by keyboard: the button goes away
  };

  /** The question goes back into the box; nothing is lost before it is asked again. */
  private readonly edit = (x: Exchange): void => {
    if (this.busy) return;
    this.editing = x;
    this.write(x.question);
    this.box.focus();
  };

  private readonly leaveEdit = (): void => {
    this.editing = undefined;
    this.write('');
    this.box.focus();
    announce('Nothing is changed');
  };

  /** The same question once more: another seed gives another answer only at a temperature above 0. */
  private readonly again = (x: Exchange): void => {
    if (this.busy) return;
    this.editing = x;
    this.cut();
    this.options = nextSeed(this.options);
    void this.ask(x.question);
    this.box.focus({ preventScroll: true });
  };

  /** The same question with room for twice the answer: without chance it begins with the same words. */
  private readonly longer = (x: Exchange): void => {
    const room = chosen(this.options, this.models)?.context ?? Infinity;
    this.options = withTokens(this.options, Math.min(2 * (x.request?.maxTokens ?? Number(this.options.maxTokens)), room));
    this.again(x);
  };

  /** What is edited, and all that follows it, leaves the conversation. */
  private cut(): void {
    if (!this.editing) return;
    Object.assign(this.chat, cutFrom(this.chat, this.editing));
    this.editing = undefined;
  }

  private readonly fresh = (): void => {
    go('/');
    if (!this.chatId) this.show(''); // a chat whose first question failed has no address
    this.box.focus();
    announce('New chat');
  };

  private readonly stop = async (): Promise<void> => {
    const x = this.heard;
    if (!x?.promptId || !isBusy(x)) return;
    try {
      await api.stop(x.promptId, x.stopToken ?? '');
    } catch (error) {
      x.phase = 'failed';
      x.error = error instanceof Error ? error.message : String(error);
      this.hearing.abort();
    }
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === this.box) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === 'Escape') {
      if (this.editing) this.leaveEdit();
      else void this.stop();
    }
  };

  private readonly grow = (): void => {
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight, innerHeight / 3)}px`;
    ofTab.setItem(DRAFT, this.box.value);
  };

  private write(text: string): void {
    this.box.value = text;
    this.grow();
  }

  private readonly use = (text: string): void => {
    this.write(text);
    this.box.focus();
    this.form.requestSubmit();
  };
}
