import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DisputedStep } from '../shared/api';
import { announce, badge, failure, hash, View } from '../shared/elements';
import { hexToBytes } from '../shared/format';
import type { StepResult } from '../worker/messages';
import { verifier } from '../worker/verifier-client';

/** The one instruction that a game ends at, checked in this browser from its witness. */
@customElement('opml-step-panel')
export class StepPanel extends View {
  @property({ attribute: false }) step!: DisputedStep;
  @state() private result: StepResult | undefined;
  @state() private error: unknown;

  override render(): TemplateResult {
    const s = this.step;
    const before = s.registersBefore ?? [];
    const after = s.registersAfter ?? [];
    const changed = after.flatMap((value, i) => (value !== before[i] ? [i] : []));
    return html`<section class="card" aria-label="Disputed step">
      <h2>The disputed step</h2>
      <dl>
        <dt>Trace index</dt>
        <dd>${s.index}</dd>
        <dt>Instruction</dt>
        <dd>${s.instruction ? html`<code>${s.instruction}</code> at <code>${s.pc}</code>` : 'none: the state only resumes or repeats'}</dd>
        <dt>State before</dt>
        <dd>${hash(s.pre, 'state before')}</dd>
        <dt>State after, executed</dt>
        <dd>${hash(s.post, 'state after')}</dd>
        <dt>State after, claimed</dt>
        <dd>${hash(s.claimedPost, 'claimed state')}</dd>
      </dl>
      ${changed.length > 0
        ? html`<table>
            <caption>Registers that changed</caption>
            <thead><tr><th scope="col">register</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
            <tbody>
              ${changed.map((i) => html`<tr><th scope="row">${i < 31 ? `x${i + 1}` : 'V'}</th><td><code>${before[i]}</code></td><td><code>${after[i]}</code></td></tr>`)}
            </tbody>
          </table>`
        : ''}
      <p>
        <button type="button" class="primary" @click=${this.run}>Verify this step in my browser</button>
        <span class="quiet">witness: ${(s.witness.length - 2) / 2} bytes</span>
      </p>
      ${this.result ? this.verdict(this.result) : ''}${this.error ? failure(this.error) : ''}
    </section>`;
  }

  private verdict(r: StepResult): TemplateResult {
    const preHolds = r.pre === this.step.pre;
    const claimHolds = r.post === this.step.claimedPost;
    const words = !preHolds
      ? 'The witness does not belong to the agreed state.'
      : claimHolds
        ? 'The claimed state is right.'
        : 'The claimed state is wrong: the proposer lied.';
    return html`<p class="verdict">${badge(preHolds ? 'good' : 'bad', words)}</p>
      <p class="quiet">Executed here in ${r.milliseconds.toFixed(2)} ms; result ${hash(r.post, 'computed state')}</p>`;
  }

  private readonly run = async (): Promise<void> => {
    this.result = this.error = undefined;
    try {
      this.result = await verifier.step(hexToBytes(this.step.witness), this.step.boundary);
      announce('Step verified');
    } catch (error) {
      this.error = error;
    }
  };
}
