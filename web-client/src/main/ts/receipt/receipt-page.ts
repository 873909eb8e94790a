import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, type Receipt } from '../shared/api';
import { View } from '../shared/elements';
import { Load } from '../shared/load';
import { inWords } from '../shared/request';
import { markdown } from '../prompt/markdown';
import './receipt-card';

@customElement('opml-receipt-page')
export class ReceiptPage extends View {
  @property() receiptId = '';
  private readonly receipt = new Load<Receipt>(this, () => api.receipt(this.receiptId));

  override render(): TemplateResult {
    return html`<h1>Answer and receipt</h1>
      ${this.receipt.render((r) => html`<div class="answer">${markdown(inWords(r.text))}</div>
        <opml-receipt-card .receiptId=${r.id} .answer=${r.text} open></opml-receipt-card>`)}`;
  }
}
