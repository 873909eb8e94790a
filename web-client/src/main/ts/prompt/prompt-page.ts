import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { api, type Model, type PromptRequest } from '../shared/api';
import { announce, failure, View } from '../shared/elements';
import '../receipt/receipt-card';
import { type Exchange, follow } from './conversation';

const EXAMPLES = ['What is 17 + 25?', 'What is the capital of France?', 'Tell me a tale about a fox.'];

/** The first page: a prompt, streaming answers, and under each answer its receipt. */
@customElement('opml-prompt-page')
export class PromptPage extends View {
  @state() private exchanges: Exchange[] = [];
  @state() private models: Model[] = [];
  @state() private busy = false;
  private loaded: Promise<void> = Promise.resolve();
  @state() private error: unknown;
  @query('textarea') private box!: HTMLTextAreaElement;
  @query('form') private form!: HTMLFormElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.loaded = api.models().then(
      (page) => void (this.models = page.items),
      (error: unknown) => void (this.error = error),
    );
  }

  override render(): TemplateResult {
    return html`
      <h1 class=${this.exchanges.length > 0 ? 'unseen' : ''}>Ask, and check the answer yourself</h1>
      ${this.exchanges.length === 0 ? this.welcome() : ''}
      <div class="exchanges">${this.exchanges.map((x) => this.exchange(x))}</div>
      ${this.error ? failure(this.error) : ''}
      <form class="ask" @submit=${this.submit} @keydown=${this.key}>
        <label class="unseen" for="prompt">Your question</label>
        <textarea id="prompt" name="prompt" rows="1" placeholder="Ask something" required maxlength="30000" @input=${this.grow}></textarea>
        <div class="buttons">
          ${this.options()}
          ${this.busy
            ? html`<button type="button" class="primary" @click=${this.stop}>Stop</button>`
            : html`<button type="submit" class="primary">Ask</button>`}
        </div>
      </form>
    `;
  }

  private welcome(): TemplateResult {
    return html`<p>
        A language model runs on the server's processor. Each answer is committed on chain under a bond, and you can run it again
        here: the same bits, or the liar pays.
      </p>
      <p class="examples">
        ${EXAMPLES.map((text) => html`<button type="button" @click=${() => this.use(text)}>${text}</button>`)}
      </p>`;
  }

  private options(): TemplateResult {
    return html`<details class="options">
      <summary>Options</summary>
      <div class="fields">
        <label>Model <select name="model">${this.models.map((m) => html`<option value=${m.name}>${m.name}</option>`)}</select></label>
        <label>Longest answer, tokens <input name="maxTokens" type="number" min="1" max="4096" value="128" /></label>
        <label>Temperature (0 = greedy) <input name="temperature" type="number" min="0" max="2" step="0.1" value="0" /></label>
        <label>Seed <input name="seed" type="number" min="0" step="1" value="0" /></label>
      </div>
    </details>`;
  }

  private exchange(x: Exchange): TemplateResult {
    const busy = x.phase === 'sent' || x.phase === 'reading' || x.phase === 'writing';
    return html`<article class="exchange">
      <h2 class="question">${x.question}</h2>
      <div class="answer" aria-busy=${busy ? 'true' : 'false'}>${x.text}</div>
      <p class="phase quiet">${phase(x)} <span class="settings">${x.settings}</span></p>
      ${x.error ? failure(x.error) : ''}
      ${x.receiptId ? html`<opml-receipt-card .receiptId=${x.receiptId}></opml-receipt-card>` : ''}
    </article>`;
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const data = new FormData(this.form);
    const question = String(data.get('prompt') ?? '').trim();
    if (!question || this.busy) return;
    this.busy = true;
    await this.loaded; // who types fast asks before the models are known
    const request: PromptRequest = {
      model: String(data.get('model') || this.models[0]?.name || ''),
      messages: [{ role: 'user', content: question }],
      maxTokens: Number(data.get('maxTokens') ?? 128),
      temperature: Number(data.get('temperature') ?? 0),
      seed: String(data.get('seed') || '0'),
    };
    const x: Exchange = {
      question, text: '', phase: 'sent', tokens: 0, tokensPerSecond: 0, promptId: undefined, receiptId: undefined, error: undefined,
      settings: request.temperature > 0 ? `temperature ${request.temperature}, seed ${request.seed}` : 'greedy',
    };
    this.exchanges = [...this.exchanges, x];
    this.box.value = '';
    this.grow();
    const follows = atEnd();
    announce('Sent');
    try {
      await follow(x, request, () => {
        this.requestUpdate();
        if (follows && atEnd(200)) void this.updateComplete.then(() => scrollTo({ top: document.body.scrollHeight }));
      });
      announce(x.phase === 'done' ? `Answer: ${x.text}` : phase(x));
    } catch (error) {
      x.phase = 'failed';
      x.error = error instanceof Error ? error.message : String(error);
      this.box.value = question;
    } finally {
      this.busy = false;
    }
  };

  private readonly stop = async (): Promise<void> => {
    const x = this.exchanges.at(-1);
    if (!x?.promptId || !this.busy) return;
    x.phase = 'stopped';
    await api.stop(x.promptId).catch((error: unknown) => (this.error = error));
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
    this.box.rows = Math.min(10, this.box.value.split('\n').length);
  };

  private use(text: string): void {
    this.box.value = text;
    this.box.focus();
    this.form.requestSubmit();
  }
}

function phase(x: Exchange): string {
  const rate = x.tokensPerSecond > 0 ? ` · ${x.tokensPerSecond.toFixed(1)} tokens/s` : '';
  const words = {
    sent: 'waiting', reading: 'reading the prompt', writing: 'writing', done: 'done', stopped: 'stopped', failed: 'failed',
  };
  return words[x.phase] + (x.phase === 'writing' || x.phase === 'done' ? rate : '');
}

/** A reader who has scrolled up is never moved. */
function atEnd(slack = 80): boolean {
  return innerHeight + scrollY >= document.body.scrollHeight - slack;
}
