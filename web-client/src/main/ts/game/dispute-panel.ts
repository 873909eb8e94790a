import { customElement, property } from 'lit/decorators.js';
import { ReplayPanel } from '../replay/replay-panel';
import { api, type Chain, type Game, type Model } from '../shared/api';
import type { Verdict } from '../worker/messages';
import { type Progress, verifier } from '../worker/verifier-client';

/** "Replay the dispute": the answer up to the disputed instruction computed here, and compared with both sides. */
@customElement('opml-dispute-panel')
export class DisputePanel extends ReplayPanel {
  @property({ attribute: false }) game!: Game;
  protected readonly label = 'Replay the dispute in my browser';
  protected readonly does = 'runs the answer up to the disputed instruction, the last operator in the virtual machine';

  protected async modelId(): Promise<string> {
    return (await api.claim(this.game.claimId)).modelId;
  }

  protected job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return verifier.dispute(this.game, model, chain, progress, signal);
  }
}
