import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, type Receipt } from '../shared/api';
import { title, View } from '../shared/elements';
import { Load } from '../shared/load';
import { pictured } from '../digit/digit-picture';
import { inWords, question } from '../shared/request';
import { navigate } from '../shared/router';
import { visible } from '../shared/visible';
import { markdown } from '../prompt/markdown';
import './receipt-card';

@customElement('opml-receipt-page')
export class ReceiptPage extends View {
  @property() receiptId = '';
  private readonly receipt = new Load<Receipt>(this, () => api.receipt(this.receiptId));

  override updated(): void {
    if (this.receipt.value) title(question(this.receipt.value.input).slice(0, 60));
  }

  override render(): TemplateResult {
    return html`<h1>Answer and receipt</h1>
      ${this.receipt.render((r) => html`<h2 class="question" dir="auto">${pictured(r.input) ?? visible(question(r.input))}</h2>
        <div class="answer">${markdown(inWords(r.text))}</div>
        <opml-receipt-card .receiptId=${r.id} .answer=${r.text} open></opml-receipt-card>`)}
      ${this.receipt.missing ? html`<p><a href="/receipts" @click=${navigate}>All receipts</a></p>` : ''}`;
  }
}
