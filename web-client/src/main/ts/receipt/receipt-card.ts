import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type PromptRequest, type Receipt } from '../shared/api';
import { hash, moment, View } from '../shared/elements';
import { shortHash } from '../shared/format';
import { Load } from '../shared/load';
import { pictured } from '../digit/digit-picture';
import { term } from '../help/term';
import { asked, image } from '../shared/request';
import { visible } from '../shared/visible';
import { navigate } from '../shared/router';
import { ladder, standing } from './ladder';
import './verify-panel';

const SOON_MS = 2000;
const SELDOM_MS = 20_000;
const SELDOM_SHARE = 1 / 60; // of the time that is left
const SELDOM_MOST_MS = 600_000;

/** Until the receipt is looked at again: it changes within seconds at first and at the end of its window, seldom between. */
function pause(r: Receipt | undefined): number {
  if (r && ['FINAL', 'UPHELD', 'OVERTURNED'].includes(r.status)) return Infinity;
  const left = r?.status === 'ANCHORED' && r.windowEndsAt ? Date.parse(r.windowEndsAt) - Date.now() : 0;
  return left > SELDOM_MS ? Math.min(Math.max(SELDOM_MS, left * SELDOM_SHARE), SELDOM_MOST_MS) : SOON_MS;
}

/** The receipt of one answer: ladder, commitments, and verification in this browser. */
@customElement('opml-receipt-card')
export class ReceiptCard extends View {
  @property() receiptId = '';
  @property({ type: Boolean }) open = false;
  /** What was sent from this page, and the answer that stands above: the receipt has to be about them. */
  @property({ attribute: false }) asked: PromptRequest | Uint8Array | undefined;
  @property({ attribute: false }) answer: string | undefined;
  @state() private now = Date.now();
  private shown = false;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly receipt = new Load<Receipt>(
    this,
    async () => this.unchanged(await api.receipt(this.receiptId)),
    pause,
  );

  /** What was verified stays what is shown: only its standing on chain goes on. */
  private unchanged(r: Receipt): Receipt {
    const told = (x: Receipt): string => [x.id, x.input, x.output, x.text, x.deadline, x.proposer].join();
    const before = this.receipt.value;
    if (r.id !== this.receiptId || (before?.id === r.id && told(before) !== told(r))) throw new Error('The server tells of another receipt than before: load this page again, and verify what it shows then');
    return r;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = setInterval(() => this.receipt.value?.status === 'ANCHORED' && (this.now = Date.now()), 1000);
  }

  override disconnectedCallback(): void {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  override updated(): void {
    if (this.receipt.value && !this.shown) this.dispatchEvent(new Event('receipt', { bubbles: true }));
    this.shown ||= this.receipt.value !== undefined;
  }

  override render(): TemplateResult {
    return html`<div class="receipt" role="group" aria-label="Receipt">
      ${this.receipt.render((r) => html`${ladder(r, this.now)}
        <p class="standing quiet">${standing(r, this.now)}</p>
        <opml-verify-panel .receipt=${r} .asked=${this.asked} .answer=${this.answer}></opml-verify-panel>
        <details ?open=${this.open}>
          <summary>Receipt <code>${shortHash(r.id)}</code></summary>
          ${fields(r, this.open)}
        </details>`)}
    </div>`;
  }
}

function fields(r: Receipt, alone: boolean): TemplateResult {
  return html`<dl>
      <dt>Asked, as committed</dt>
      <dd>${pictured(r.input)}${asked(r.input).map(([role, text]) => html`<p class="asked"><span class="quiet">${role}</span> <bdi>${visible(text)}</bdi></p>`)}</dd>
      <dt>${term('receipt')}</dt>
      <dd>${hash(r.id, 'receipt id')}</dd>
      <dt>Model</dt>
      <dd>${r.model} ${hash(r.modelId, 'model id')}</dd>
      <dt>${term('commitment', 'Input commitment')}</dt>
      <dd>${hash(r.inputHash, 'input commitment')}</dd>
      <dt>${term('commitment', 'Output commitment')}</dt>
      <dd>${hash(r.outputHash, 'output commitment')}</dd>
      <dt>${term('trace')}</dt>
      <dd>${Number(r.operators).toLocaleString('en')} ${term('operator', 'operators')}, of at most 64<sup>${r.h}</sup></dd>
      ${image(r.input)
        ? ''
        : html`<dt>${term('token', 'Tokens')}</dt>
            <dd>${r.promptTokens} read, ${r.completionTokens} written</dd>`}
      <dt>Signed</dt>
      <dd>${moment(r.createdAt)}</dd>
      <dt>${term('window')}</dt>
      <dd>${r.windowEndsAt ? html`until ${moment(r.windowEndsAt)}` : 'not open yet'}</dd>
      <dt>${term('proposer')}</dt>
      <dd>${hash(r.proposer, 'proposer address')}</dd>
      <dt>Signature</dt>
      <dd>${hash(r.signature, 'signature')}</dd>
      <dt>${term('anchor')}</dt>
      <dd>
        ${r.anchor
          ? html`block ${r.anchor.block} <br />root ${hash(r.anchor.root, 'anchored root')} <br />transaction
            ${hash(r.anchor.transaction, 'transaction hash')}`
          : 'waits for the next batch'}
      </dd>
    </dl>
    ${r.games.length > 0
      ? html`<p>
          Games:
          ${r.games.map((g) => html`<a href="/games/${g}" @click=${navigate}>${g.slice(0, 10)}…</a> `)}
        </p>`
      : ''}
    <p class="actions">
      ${alone ? '' : html`<a href="/receipts/${r.id}" @click=${navigate}>Open</a>`}
      <a href=${`data:application/json,${encodeURIComponent(JSON.stringify(r, null, 1))}`} download="receipt.json">Download JSON</a>
    </p>`;
}
