import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api, type Receipt } from '../shared/api';
import { badge, failure, View } from '../shared/elements';
import { age } from '../shared/format';
import { Rows } from '../shared/load';
import { pictured } from '../digit/digit-picture';
import { inWords, question } from '../shared/request';
import { go, navigate } from '../shared/router';
import { visible } from '../shared/visible';

const SHOWN = 120; // characters of a text in the list

@customElement('opml-receipts-page')
export class ReceiptsPage extends View {
  private readonly receipts = new Rows<Receipt>(this, api.receipts, 5000);
  @state() private error = '';

  override render(): TemplateResult {
    return html`<h1>Receipts</h1>
      <p>Every answer of this server, with what was asked and where it stands on chain. They are public: anybody who reaches this page reads them.</p>
      <form class="endpoint" novalidate @submit=${this.open}>
        <label>Receipt id <input name="id" spellcheck="false" autocomplete="off" placeholder="0x…" /></label>
        <button type="submit">Open</button>
      </form>
      ${this.error ? failure(this.error) : ''}
      ${this.receipts.list(row, html`<p>No answers yet. <a href="/" @click=${navigate}>Ask something</a>: every answer gets a receipt.</p>`)}`;
  }

  /** By the id that the command line or a program was given. */
  private readonly open = (event: SubmitEvent): void => {
    event.preventDefault();
    const id = String(new FormData(event.target as HTMLFormElement).get('id')).trim().toLowerCase();
    this.error = /^0x[0-9a-f]{64}$/.test(id) ? '' : 'A receipt id is 0x and 64 hexadecimal digits.';
    if (!this.error) go(`/receipts/${id}`);
  };
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
