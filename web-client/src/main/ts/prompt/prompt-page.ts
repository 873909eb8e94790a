import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { api, type Model, readsImages } from '../shared/api';
import { announce, failure, title, View } from '../shared/elements';
import { Load } from '../shared/load';
import { go } from '../shared/router';
import { refused } from '../shared/version';
import '../receipt/receipt-card';
import type { Exchange } from './conversation';
import { exchangeView } from './exchange-view';
import { chosen, nextSeed, type Options, optionsView, requestOf, savedOptions, withTokens } from './options';
import { QuestionBox } from './question-box';
import { Place } from './scroll';
import { Session } from './session';
import { bar, earlier, welcome } from './welcome';

const MISSING_MS = 10_000; // until a model that was not there is looked for again
const NO_MODEL = 'This server has no language model loaded at the moment, so nothing can be asked. As soon as it has one, it appears here.';

/** The first page: a conversation of prompts with streaming answers, and under each answer its receipt. */
@customElement('opml-prompt-page')
export class PromptPage extends View {
  /** Empty: a new chat, which gets an address with its first question. */
  @property() chatId = '';
  private readonly list = new Load<Model[]>(this, async () => (await api.models()).items.filter((m) => !readsImages(m)), (all) => (all?.length === 0 ? MISSING_MS : Infinity));
  @state() private options: Options = savedOptions();
  private readonly place = new Place(this);
  private readonly session = new Session(this, this.place);
  private readonly box = new QuestionBox(this);
  @query('form') private form!: HTMLFormElement;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chatId') && (this.chatId !== this.session.chat.id || !this.hasUpdated)) this.session.show(this.chatId);
  }

  private get models(): Model[] {
    return this.list.value ?? [];
  }

  override firstUpdated(): void {
    this.box.restore();
  }

  override updated(): void {
    const first = this.session.chat.exchanges[0]?.question;
    title(this.session.busy ? 'Answering …' : first?.trim().slice(0, 60));
  }

  override render(): TemplateResult {
    const { chat, editing, missing, busy } = this.session;
    const { exchanges } = chat;
    const any = exchanges.length > 0;
    const actions = { edit: this.edit, again: this.again, longer: this.longer, fresh: this.fresh };
    const from = editing ? exchanges.indexOf(editing) : exchanges.length;
    return html`
      ${any ? bar(chat) : welcome(missing, this.use)}
      <div class="exchanges" @receipt=${this.place.receiptShown}>${repeat(exchanges, (x) => x, (x, i) => exchangeView(x, i === exchanges.length - 1, i >= from, actions))}</div>
      ${this.list.error && exchanges.at(-1)?.phase !== 'failed' ? failure(this.list.error) : ''} ${this.list.value?.length === 0 ? failure(NO_MODEL) : ''}
      <div class="foot">
        ${this.place.away && any ? html`<button type="button" class="latest" title="To the latest answer" @click=${this.latest}><span aria-hidden="true">↓</span> <span class="word">Latest</span></button>` : ''}
        ${editing
          ? html`<p class="hint" role="status">
              You edit a question: when you ask, it and what follows are replaced. <button type="button" class="link" @click=${this.leaveEdit}>Cancel</button>
            </p>`
          : ''}
        <form class="ask" novalidate @submit=${this.submit} @keydown=${this.key}>
          <label class="unseen" for="prompt">Your question</label>
          <textarea id="prompt" name="prompt" rows="1" dir="auto" placeholder="Ask something" required maxlength="30000" @input=${this.box.grow}></textarea>
          <div class="buttons">
            ${optionsView(this.options, this.models, (options) => (this.options = options))}
            ${any ? html`<button type="button" @click=${this.fresh}>New chat</button>` : ''}
            <button type="submit" class="primary" @click=${this.press}>${busy ? 'Stop' : 'Ask'}</button>
          </div>
        </form>
      </div>
      ${any ? '' : earlier()}
    `;
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.session.busy || refused()) return;
    const question = this.box.text.trim();
    if (!question) return this.box.focus();
    this.session.cut();
    this.box.write('');
    void this.ask(question);
  };

  /** One button asks and stops, so that it keeps the focus; the second press of a double click is none on Stop. */
  private readonly press = (event: MouseEvent): void => {
    if (!this.session.busy) return;
    event.preventDefault();
    if (event.detail < 2) void this.session.stop();
  };

  private async ask(question: string): Promise<void> {
    this.session.busy = true;
    this.requestUpdate();
    const { chat } = this.session;
    if (this.models.length === 0) await this.list.refresh(); // who types fast asks before the models are known; or the server did not answer before
    const left = this.session.chat !== chat || !this.isConnected;
    const none = this.list.value?.length === 0;
    if (left || none) {
      if (!this.box.text) this.box.write(question); // it was not sent
      if (!left) this.session.busy = false;
      return this.requestUpdate();
    }
    const x = await this.session.ask(question, requestOf(this.options, this.models, chat.exchanges, question));
    if (x.phase === 'failed' && this.session.chat === chat && !this.box.text) this.box.write(question);
  }

  private readonly latest = (event: MouseEvent): void => {
    void this.place.toEnd();
    if (event.detail === 0) this.box.focus({ preventScroll: true }); // by keyboard: the button goes away
  };

  /** The question goes back into the box; nothing is lost before it is asked again. */
  private readonly edit = (x: Exchange): void => {
    if (this.session.busy) return;
    this.session.edit(x);
    this.box.write(x.question);
    this.box.focus();
  };

  private readonly leaveEdit = (): void => {
    this.session.edit(undefined);
    this.box.write('');
    this.box.focus();
    announce('Nothing is changed');
  };

  /** The same question once more: another seed gives another answer only at a temperature above 0. */
  private readonly again = (x: Exchange): void => {
    if (this.session.busy || refused()) return;
    this.session.edit(x);
    this.session.cut();
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

  private readonly fresh = (): void => {
    go('/');
    if (!this.chatId) this.session.show(''); // a chat whose first question failed has no address
    this.box.focus();
    announce('New chat');
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === this.box.field) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === 'Escape') {
      if (this.session.editing) this.leaveEdit();
      else void this.session.stop();
    }
  };

  private readonly use = (text: string): void => {
    this.box.write(text);
    this.box.focus();
    this.form.requestSubmit();
  };
}
