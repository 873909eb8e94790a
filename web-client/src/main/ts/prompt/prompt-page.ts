import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { api, type Model, Problem, type PromptRequest, readsImages } from '../shared/api';
import { announce, failure, View } from '../shared/elements';
import '../receipt/receipt-card';
import { type Exchange, follow, isBusy, send, started } from './conversation';
import { exchangeView, phase } from './exchange-view';
import { keep, messages, restored } from './history';

const EXAMPLES = ['What is 17 + 25?', 'What is the capital of France?', 'Tell me a tale about a fox.'];
const TOKENS = 256; // of an answer, unless the reader wants more or fewer
const NEAR_END = 200; // pixels; who is further up reads something else
const ABOVE = 8; // pixels left free above a question
const ROOM_FOR_HISTORY = 1024; // tokens of context below which a conversation is not sent unless asked for

/** The first page: a conversation of prompts with streaming answers, and under each answer its receipt. */
@customElement('opml-prompt-page')
export class PromptPage extends View {
  @state() private exchanges: Exchange[] = restored();
  @state() private models: Model[] = [];
  @state() private model = '';
  @state() private remember: boolean | undefined;
  @state() private busy = false;
  @state() private error: unknown;
  private loaded: Promise<void> = Promise.resolve();
  private follows = false;
  private left = new AbortController();
  private given = new AbortController(); // up on an answer of which nothing is heard any more
  @query('textarea') private box!: HTMLTextAreaElement;
  @query('form') private form!: HTMLFormElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.loaded = api.models().then(
      (page) => void (this.models = page.items.filter((m) => !readsImages(m))),
      (error: unknown) => void (this.error = error),
    );
    this.left = new AbortController();
    addEventListener('pagehide', () => this.left.abort(), { signal: this.left.signal });
    const last = this.exchanges.at(-1);
    if (last && isBusy(last)) void this.hear(last); // it was being answered when the reader left
  }

  override disconnectedCallback(): void {
    this.left.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const any = this.exchanges.length > 0;
    const actions = { edit: this.edit, again: this.again, fresh: this.fresh };
    return html`
      ${any ? html`<h1 class="unseen">Conversation</h1>` : this.welcome()}
      <div class="exchanges" @receipt=${this.showReceipt}>${this.exchanges.map((x, i) => exchangeView(x, i === this.exchanges.length - 1, actions))}</div>
      ${this.error ? failure(this.error) : ''}
      <div class="foot"><form class="ask" novalidate @submit=${this.submit} @keydown=${this.key}>
        <label class="unseen" for="prompt">Your question</label>
        <textarea id="prompt" name="prompt" rows="1" dir="auto" placeholder="Ask something" required maxlength="30000" @input=${this.grow}></textarea>
        <div class="buttons">
          ${this.options()}
          ${any ? html`<button type="button" ?disabled=${this.busy} @click=${this.fresh}>New chat</button>` : ''}
          ${this.busy
            ? html`<button type="button" class="primary" @click=${this.stop}>Stop</button>`
            : html`<button type="submit" class="primary">Ask</button>`}
        </div>
      </form></div>
    `;
  }

  private welcome(): TemplateResult {
    return html`<div class="welcome">
      <h1>Ask, and check the answer yourself</h1>
      <p>
        A language model runs on the server's processor. Each answer is committed on chain under a bond, and you can run it again
        here: the same bits, or the liar pays.
      </p>
      <p class="examples">
        ${EXAMPLES.map((text) => html`<button type="button" @click=${() => this.use(text)}>${text}</button>`)}
      </p>
    </div>`;
  }

  private options(): TemplateResult {
    return html`<details class="options">
      <summary>Options <span class="model" title="Model">${this.chosen?.name ?? ''}</span></summary>
      <div class="fields">
        <label
          >Model
          <select name="model" @change=${(e: Event) => (this.model = (e.target as HTMLSelectElement).value)}>
            ${this.models.map((m) => html`<option value=${m.name}>${m.name}</option>`)}
          </select></label
        >
        <label>Longest answer, tokens <input name="maxTokens" type="number" min="1" max=${this.chosen?.context ?? TOKENS} value=${TOKENS} /></label>
        <label>Temperature (0 = greedy) <input name="temperature" type="number" min="0" max="2" step="0.1" value="0" /></label>
        <label>Seed <input name="seed" type="number" min="0" step="1" value="0" /></label>
        <label class="check"
          ><input type="checkbox" .checked=${this.remembers} @change=${(e: Event) => (this.remember = (e.target as HTMLInputElement).checked)} />
          send the conversation so far with each question</label
        >
      </div>
    </details>`;
  }

  private get chosen(): Model | undefined {
    return this.models.find((m) => m.name === this.model) ?? this.models[0];
  }

  private get remembers(): boolean {
    return this.remember ?? (this.chosen !== undefined && this.chosen.context >= ROOM_FOR_HISTORY);
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const question = this.box.value.trim();
    if (!question || this.busy) return;
    this.box.value = '';
    this.grow();
    await this.ask(question);
  };

  private async ask(question: string): Promise<void> {
    this.busy = true;
    await this.loaded; // who types fast asks before the models are known
    const data = new FormData(this.form);
    const request: PromptRequest = {
      model: this.chosen?.name ?? '',
      messages: messages(this.remembers ? this.exchanges : [], question),
      maxTokens: Number(data.get('maxTokens') ?? TOKENS),
      temperature: Number(data.get('temperature') ?? 0),
      seed: String(data.get('seed') || '0'),
    };
    const x = started(question, request);
    this.exchanges = [...this.exchanges, x];
    announce('Sent');
    await this.toEnd();
    await this.hear(x, request);
    if (x.phase === 'failed') this.box.value ||= question;
  }

  /** Sends a prompt if it is not sent yet, and follows it until it is answered or the reader leaves the page. */
  private async hear(x: Exchange, request?: PromptRequest): Promise<void> {
    this.busy = true;
    this.given = new AbortController();
    const signal = AbortSignal.any([this.left.signal, this.given.signal]);
    try {
      if (request) {
        await send(x, request);
        keep(this.exchanges);
      }
      await follow(
        x,
        () => {
          this.follows = atEnd();
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
      this.busy = false;
      if (!signal.aborted) keep(this.exchanges);
    }
  }

  /** The receipt of an answer that the reader has followed comes into view, as far as its question stays there. */
  private readonly showReceipt = (event: Event): void => {
    const exchange = (event.target as HTMLElement).closest('.exchange')!;
    if (!this.follows || exchange.nextElementSibling) return;
    this.follows = false;
    const question = scrollY + exchange.getBoundingClientRect().top - ABOVE;
    scrollTo({ top: Math.max(scrollY, Math.min(document.body.scrollHeight - innerHeight, question)) });
  };

  private async toEnd(): Promise<void> {
    await this.updateComplete;
    scrollTo({ top: document.body.scrollHeight });
  }

  /** The question goes back into the box; it and what followed leave the conversation. */
  private readonly edit = (x: Exchange): void => {
    if (this.busy) return;
    this.cut(x);
    this.box.value = x.question;
    this.grow();
    this.box.focus();
  };

  /** The same question once more: another seed gives another answer only at a temperature above 0. */
  private readonly again = (x: Exchange): void => {
    if (this.busy) return;
    this.cut(x);
    const seed = this.form.elements.namedItem('seed') as HTMLInputElement;
    if (Number((this.form.elements.namedItem('temperature') as HTMLInputElement).value) > 0) seed.value = String(Number(seed.value) + 1);
    void this.ask(x.question);
  };

  private cut(x: Exchange): void {
    this.exchanges = this.exchanges.slice(0, this.exchanges.indexOf(x));
    keep(this.exchanges);
  }

  private readonly fresh = (): void => {
    if (this.busy) return;
    this.exchanges = [];
    keep([]);
    this.box.focus();
    announce('New chat');
  };

  private readonly stop = async (): Promise<void> => {
    const x = this.exchanges.at(-1);
    if (!x?.promptId || !isBusy(x)) return;
    try {
      await api.stop(x.promptId);
    } catch (error) {
      x.phase = 'failed';
      x.error = error instanceof Error ? error.message : String(error);
      this.given.abort();
    }
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === this.box) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === 'Escape') {
      void this.stop();
    }
  };

  private readonly grow = (): void => {
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight, innerHeight / 3)}px`;
  };

  private use(text: string): void {
    this.box.value = text;
    this.box.focus();
    this.form.requestSubmit();
  }
}

/** A reader who has scrolled up is never moved. */
function atEnd(): boolean {
  return innerHeight + scrollY >= document.body.scrollHeight - NEAR_END;
}
