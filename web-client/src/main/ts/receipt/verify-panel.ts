import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Model, type Receipt } from '../shared/api';
import { announce, badge, failure, View } from '../shared/elements';
import { bytes } from '../shared/format';
import type { Stage, Verdict } from '../worker/messages';
import { verifier } from '../worker/verifier-client';

const STAGES: Record<Stage, string> = {
  fetch: 'Fetching weights and code',
  commitments: 'Checking commitments',
  chain: 'Reading the chain',
  replay: 'Running the model here',
  compare: 'Comparing answers',
};
const ASK_ABOVE_BYTES = 20e6;
const LARGEST_BYTES = 150e6;
const SPOKEN = [25, 50, 75, 100];

/** "Verify in my browser": fetches the model, checks it against the chain and runs the whole answer again here. */
@customElement('opml-verify-panel')
export class VerifyPanel extends View {
  @property({ attribute: false }) receipt!: Receipt;
  @state() private model: Model | undefined;
  @state() private stage: Stage | undefined;
  @state() private share = 0;
  @state() private verdict: Verdict | undefined;
  @state() private error: unknown;
  private abort: AbortController | undefined;
  private spoken = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    api.models().then(
      (page) => (this.model = page.items.find((m) => m.modelId === this.receipt.modelId)),
      (error: unknown) => (this.error = error),
    );
  }

  override disconnectedCallback(): void {
    this.abort?.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const size = this.model ? Number(this.model.weightsBytes) + Number(this.model.codeBytes) : 0;
    const tooLarge = size > LARGEST_BYTES;
    return html`<div class="verify">
      ${this.stage
        ? html`<p>${STAGES[this.stage]} … ${Math.round(this.share * 100)} %</p>
            <progress max="1" .value=${this.share} aria-label=${STAGES[this.stage]}></progress>
            <button type="button" @click=${() => this.abort?.abort()}>Cancel</button>`
        : html`<button type="button" class="primary" ?disabled=${!this.model || tooLarge} @click=${() => this.start(size)}>
              Verify in my browser
            </button>
            <span class="quiet">
              ${this.model ? `downloads ${bytes(size)}${tooLarge ? ': too large to run here' : ', runs the whole answer again'}` : ''}
            </span>`}
      ${this.verdict ? this.result(this.verdict) : ''}${this.error ? failure(this.error) : ''}
    </div>`;
  }

  private result(v: Verdict): TemplateResult {
    return html`<div class="verdict ${v.holds ? 'good' : 'bad'}">
      <p>${badge(v.holds ? 'good' : 'bad', v.words)}</p>
      <dl>
        ${v.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
      </dl>
    </div>`;
  }

  private async start(size: number): Promise<void> {
    if (size > ASK_ABOVE_BYTES && !confirm(`This downloads ${bytes(size)} and takes a while. Go on?`)) return;
    this.verdict = this.error = undefined;
    this.abort = new AbortController();
    this.spoken = 0;
    try {
      const chain = await api.chain();
      this.verdict = await verifier.answer(this.receipt, this.model!, chain, this.progress, this.abort.signal);
      announce(this.verdict.words);
    } catch (error) {
      this.error = error;
    } finally {
      this.stage = undefined;
    }
  }

  private readonly progress = (stage: Stage, done: number, total: number): void => {
    this.stage = stage;
    this.share = total > 0 ? Math.min(1, done / total) : 0;
    const mark = SPOKEN.filter((m) => m <= this.share * 100).pop() ?? 0;
    if (stage === 'replay' && mark > this.spoken) {
      this.spoken = mark;
      announce(`${mark} percent`);
    }
  };
}
