import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ReplayPanel } from '../replay/replay-panel';
import type { Chain, Model, PromptRequest, Receipt } from '../shared/api';
import { bytesToHex } from '../shared/format';
import { committed } from '../shared/request';
import type { Verdict } from '../worker/messages';
import { type Progress, verifier } from '../worker/verifier-client';

/** "Verify in my browser": who is bound by the answer, and the whole answer run again here. */
@customElement('opml-verify-panel')
export class VerifyPanel extends ReplayPanel {
  @property({ attribute: false }) receipt!: Receipt;
  @property({ attribute: false }) asked: PromptRequest | Uint8Array | undefined;
  @property({ attribute: false }) answer: string | undefined;
  protected readonly label = 'Verify in my browser';
  protected readonly does = 'runs the whole answer again';

  @state() private machine = false;

  protected override options(): TemplateResult {
    return html`<label class="check"
      ><input type="checkbox" .checked=${this.machine} @change=${(e: Event) => (this.machine = (e.target as HTMLInputElement).checked)} />
      run every instruction in the virtual machine, as a dispute would (slower)</label
    >`;
  }

  protected override elsewhere(): TemplateResult {
    return html`the model is too large to run here; where you have its file, run ${this.command('check')}`;
  }

  protected override refuted(): TemplateResult {
    return html`<p class="quiet">To make the proposer pay for a false receipt, where you have the model and a key with some ether, run
      ${this.command('challenge')}: it checks once more and stakes a bond.
      URL is an endpoint of the chain that you trust.</p>`;
  }

  private command(what: 'check' | 'challenge'): TemplateResult {
    const chain = what === 'challenge' ? ' --rpc-url URL' : ''; // money is staked by what it says
    return html`<code class="command">./opml receipt ${what} ${this.receipt.id} --server ${location.origin}${chain}</code>`;
  }

  protected modelId(): Promise<string> {
    return Promise.resolve(this.receipt.modelId);
  }

  protected job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    const asked = this.asked;
    const shown = {
      input: asked && bytesToHex(committed(asked)),
      model: asked instanceof Uint8Array ? undefined : asked?.model,
      text: this.answer,
    };
    return verifier.answer(this.receipt, shown, model, chain, this.machine, progress, signal);
  }
}
