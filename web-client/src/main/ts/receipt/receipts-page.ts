import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { api, type Page, type Receipt } from '../shared/api';
import { badge, View } from '../shared/elements';
import { age } from '../shared/format';
import { Load } from '../shared/load';
import { navigate } from '../shared/router';

@customElement('opml-receipts-page')
export class ReceiptsPage extends View {
  private readonly receipts = new Load<Page<Receipt>>(this, () => api.receipts(), 5000);

  override render(): TemplateResult {
    return html`<h1>Receipts</h1>
      ${this.receipts.render((page) =>
        page.items.length === 0
          ? html`<p>No answers yet. <a href="/" @click=${navigate}>Ask something</a>: every answer gets a receipt.</p>`
          : html`<ul class="rows">${page.items.map(row)}</ul>`,
      )}`;
  }
}

function row(r: Receipt): TemplateResult {
  const kind = r.status === 'OVERTURNED' ? 'bad' : r.status === 'FINAL' || r.status === 'UPHELD' ? 'good' : 'wait';
  return html`<li>
    <a href="/receipts/${r.id}" @click=${navigate}>${r.text.slice(0, 90) || 'empty answer'}</a>
    <span class="meta">${badge(kind, r.status.toLowerCase())} ${r.model} <time datetime=${r.createdAt} title=${r.createdAt}>${age(r.createdAt)}</time></span>
  </li>`;
}
