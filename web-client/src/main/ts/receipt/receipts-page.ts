import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api, type Page, query, type Receipt, type Wanted } from '../shared/api';
import { announce, badge, failure, View } from '../shared/elements';
import { age } from '../shared/format';
import { Rows } from '../shared/load';
import { pictured } from '../digit/digit-picture';
import { inWords, question } from '../shared/request';
import { go, navigate, onRoute, rename } from '../shared/router';
import { visible } from '../shared/visible';
import { receiptSearch } from './receipt-search';

const SHOWN = 120; // characters of a text in the list
const REQUESTS = 5; // of one search, which the server reads a piece at a time
const OFTEN_MS = 5000;
const SELDOM_MS = 30_000; // a search reads many rows

/** Every receipt of the server, or those with some words, of a model, in a state; the address says which. */
@customElement('opml-receipts-page')
export class ReceiptsPage extends View {
  @state() private wanted = ofAddress();
  @state() private models: string[] = [];
  @state() private error = '';
  private release: (() => void) | undefined;
  private readonly receipts = new Rows<Receipt>(this, (cursor) => this.page(cursor), () => (this.wanted.text ? SELDOM_MS : OFTEN_MS));

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = onRoute(() => query({ ...ofAddress() }) !== query({ ...this.wanted }) && this.look(ofAddress()));
    api.models().then((page) => (this.models = page.items.map((m) => m.name)), () => undefined); // the list below says what is wrong
  }

  override disconnectedCallback(): void {
    this.release?.();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const any = query({ ...this.wanted }) === '';
    const none = any
      ? html`<p>No answers yet. <a href="/" @click=${navigate}>Ask something</a>: every answer gets a receipt.</p>`
      : html`<p role="status">No receipt ${this.receipts.ended ? '' : 'among the newest '}is like that. <button type="button" class="link" @click=${this.showAll}>Show all</button></p>`;
    return html`<h1>Receipts</h1>
      <p>Every answer of this server, with what was asked and where it stands on chain. They are public: anybody who reaches this page reads them.</p>
      ${receiptSearch(this.wanted, this.models, this.want)}
      ${this.error ? failure(this.error) : ''} ${this.receipts.list(row, none)}`;
  }

  /** An id leads to its receipt, as the command line or a program was given it. */
  private readonly want = (wanted: Wanted): void => {
    const text = wanted.text?.trim() ?? '';
    const id = /^0x[0-9a-f]*$/i.test(text);
    this.error = id && text.length !== 66 ? 'A receipt id is 0x and 64 hexadecimal digits.' : '';
    if (this.error) return;
    if (id) return go(`/receipts/${text.toLowerCase()}`);
    this.look({ ...wanted, text });
    rename(`/receipts${query({ ...this.wanted })}`);
  };

  private look(wanted: Wanted): void {
    this.wanted = wanted;
    this.error = '';
    void this.receipts.again().then(() => this.receipts.value && announce(`${this.receipts.value.length} receipts`));
  }

  private readonly showAll = (): void => {
    this.querySelector<HTMLElement>('input')?.focus(); // the button goes away
    this.want({});
  };

  /** The server may answer with few rows, or none, though older ones are like that. */
  private async page(cursor?: string): Promise<Page<Receipt>> {
    const { wanted } = this;
    const items: Receipt[] = [];
    for (let requests = 0, next = cursor; ; ) {
      const part = await api.receipts(wanted, next);
      items.push(...part.items);
      if (part.next === null || items.length > 0 || ++requests === REQUESTS) return { items, next: part.next };
      next = part.next;
    }
  }
}

function ofAddress(): Wanted {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(['text', 'model', 'status'].map((name) => [name, given.get(name) ?? '']));
}

function row(r: Receipt): TemplateResult {
  const kind = r.status === 'OVERTURNED' ? 'bad' : r.status === 'FINAL' || r.status === 'UPHELD' ? 'good' : 'wait';
  return html`<li>
    <a href="/receipts/${r.id}" dir="auto" @click=${navigate}>${pictured(r.input) ?? visible(start(question(r.input)))}</a>
    <span dir="auto">${r.text ? visible(start(inWords(r.text))) : html`<span class="quiet">empty answer</span>`}</span>
    <span class="meta">${badge(kind, r.status.toLowerCase())} · ${r.model} · <time datetime=${r.createdAt} title=${r.createdAt}>${age(r.createdAt)}</time></span>
  </li>`;
}

function start(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
