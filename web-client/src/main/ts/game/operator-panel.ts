import { customElement, property } from 'lit/decorators.js';
import { ReplayPanel } from '../replay/replay-panel';
import { api, type Chain, type Game, type Model } from '../shared/api';
import type { Verdict } from '../worker/messages';
import { type Progress, verifier } from '../worker/verifier-client';

/** "Replay the operator": the one operator in dispute, from the state that both sides agree on, whatever the model's size. */
@customElement('opml-operator-panel')
export class OperatorPanel extends ReplayPanel {
  @property({ attribute: false }) game!: Game;
  protected override readonly whole = false;
  protected readonly label = 'Replay the operator in my browser';
  protected readonly does = 'runs it in the virtual machine from the state that both sides agree on';

  protected async modelId(): Promise<string> {
    return (await api.claim(this.game.claimId)).modelId;
  }

  protected job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return verifier.operator(this.game, model, chain, progress, signal);
  }
}
