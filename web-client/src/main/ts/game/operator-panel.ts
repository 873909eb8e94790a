import { customElement } from 'lit/decorators.js';
import type { Chain, Model } from '../shared/api';
import type { Verdict } from '../worker/messages';
import { type Progress, verifier } from '../worker/verifier-client';
import { GameReplayPanel } from './game-replay-panel';

/** "Replay the operator": the one operator in dispute, from the state that both sides agree on, whatever the model's size. */
@customElement('opml-operator-panel')
export class OperatorPanel extends GameReplayPanel {
  protected override readonly whole = false;
  protected readonly label = 'Replay the operator in my browser';
  protected readonly does = 'runs it in the virtual machine from the state that both sides agree on';

  protected job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict> {
    return verifier.operator(this.game, model, chain, progress, signal);
  }
}
