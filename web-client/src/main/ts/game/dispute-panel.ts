import { customElement } from 'lit/decorators.js';
import type { Chain, Model } from '../shared/api';
import type { Verdict } from '../worker/messages';
import { type Progress, verifier } from '../worker/verifier-client';
import { GameReplayPanel } from './game-replay-panel';

/** "Replay the dispute": the answer up to the disputed instruction computed here, and compared with both sides. */
@customElement('opml-dispute-panel')
export class DisputePanel extends GameReplayPanel {
  protected readonly label = 'Replay the dispute in my browser';
  protected readonly does = 'runs the answer up to the disputed instruction, the last operator in the virtual machine';

  protected job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return verifier.dispute(this.game, model, chain, progress, signal);
  }
}
