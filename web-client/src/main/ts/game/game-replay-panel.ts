import { property } from 'lit/decorators.js';
import { ReplayPanel } from '../replay/replay-panel';
import { api, type Game } from '../shared/api';

/** A replay of something that a game is about. */
export abstract class GameReplayPanel extends ReplayPanel {
  @property({ attribute: false }) game!: Game;

  protected async modelId(): Promise<string> {
    return (await api.claim(this.game.claimId)).modelId;
  }
}
