import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { chosenChain } from '../chain/endpoint';
import { factList } from '../chain/fact-list';
import type { DisputedStep, Game } from '../shared/api';
import { announce, badge, failure, hash, View } from '../shared/elements';
import type { StepText, StepVerdict } from '../worker/messages';
import { verifier } from '../worker/verifier-client';

/** The one instruction that a game ends at, checked in this browser: the position from the chain, the witness executed here. */
@customElement('opml-step-panel')
export class StepPanel extends View {
  @property({ attribute: false }) game!: Game;
  @property({ attribute: false }) step!: DisputedStep;
  @state() private verdict: StepVerdict | undefined;
  @state() private busy = false;
  @state() private error: unknown;

  override render(): TemplateResult {
    const s = this.step;
    return html`<section class="card" aria-label="Disputed step">
      <h2>The disputed step</h2>
      <dl>
        <dt>Trace index</dt>
        <dd>${s.index}</dd>
        <dt>Instruction</dt>
        <dd>
          ${s.assembly
            ? html`<code class="assembly">${s.assembly}</code> <span class="quiet">word ${s.instruction} at ${s.pc}</span>`
            : 'the state before is no running one: it resumes or repeats itself'}
        </dd>
        <dt>State before</dt>
        <dd>${hash(s.pre, 'state before')}</dd>
        <dt>State after, executed</dt>
        <dd>${hash(s.post, 'state after')}</dd>
        <dt>State after, claimed</dt>
        <dd>${hash(s.claimedPost, 'claimed state')}</dd>
      </dl>
      <p>
        <button type="button" class="primary" ?disabled=${this.busy} @click=${this.run}>Verify this step in my browser</button>
        <span class="quiet">witness: ${(s.witness.length - 2) / 2} bytes</span>
      </p>
      ${this.verdict ? result(this.verdict) : ''}${this.error ? failure(this.error) : ''}
    </section>`;
  }

  private readonly run = async (): Promise<void> => {
    this.verdict = this.error = undefined;
    this.busy = true;
    try {
      this.verdict = await verifier.step(this.game, this.step, await chosenChain());
      announce(this.verdict.words);
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };
}

function result(v: StepVerdict): TemplateResult {
  return html`<div class="verdict">
    <p>${badge(v.holds ? 'good' : 'bad', v.words)}</p>
    ${v.text ? effect(v.text) : ''}
    ${v.post
      ? html`<p class="quiet">Executed here in ${v.milliseconds.toFixed(2)} ms; result ${hash(v.post, 'computed state')}</p>`
      : ''}
    ${factList(v.facts)}
  </div>`;
}

function effect(t: StepText): TemplateResult {
  if (t.changed.length === 0) {
    return html`<p><code class="assembly">${t.instruction}</code> at <code>${t.pc}</code> leaves no running state: the operator or the program ends.</p>`;
  }
  return html`<p>Here <code class="assembly">${t.instruction}</code> at <code>${t.pc}</code> changes</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Changed registers">
      <table>
        <thead><tr><th scope="col">register</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
        <tbody>
          ${t.changed.map(([name, before, after]) => html`<tr><th scope="row">${name}</th><td><code>${before}</code></td><td><code>${after}</code></td></tr>`)}
        </tbody>
      </table>
    </div>`;
}
