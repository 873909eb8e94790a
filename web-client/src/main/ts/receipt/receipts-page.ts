import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { api, type Receipt } from '../shared/api';
import { badge, View } from '../shared/elements';
import { age } from '../shared/format';
import { Rows } from '../shared/load';
import { inWords, question } from '../shared/request';
import { navigate } from '../shared/router';

const SHOWN = 120; // characters of a text in the list

@customElement('opml-receipts-page')
export class ReceiptsPage extends View {
  private readonly receipts = new Rows<Receipt>(this, api.receipts, 5000);

  override render(): TemplateResult {
    return html`<h1>Receipts</h1>
      <p>Every answer of this server, with what was asked and where it stands on chain.</p>
      ${this.receipts.list(row, html`<p>No answers yet. <a href="/" @click=${navigate}>Ask something</a>: every answer gets a receipt.</p>`)}`;
  }
}

function row(r: Receipt): TemplateResult {
  const kind = r.status === 'OVERTURNED' ? 'bad' : r.status === 'FINAL' || r.status === 'UPHELD' ? 'good' : 'wait';
  return html`<li>
    <a href="/receipts/${r.id}" dir="auto" @click=${navigate}>${start(question(r.input))}</a>
    <span dir="auto">${start(inWords(r.text)) || html`<span class="quiet">empty answer</span>`}</span>
    <span class="meta">${badge(kind, r.status.toLowerCase())} · ${r.model} · <time datetime=${r.createdAt} title=${r.createdAt}>${age(r.createdAt)}</time></span>
  </li>`;
}

function start(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
