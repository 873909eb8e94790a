import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api, type Game } from '../shared/api';
import { badge, failure, View } from '../shared/elements';
import { age, shortHash } from '../shared/format';
import { Rows } from '../shared/load';
import { go, navigate } from '../shared/router';

@customElement('opml-games-page')
export class GamesPage extends View {
  private readonly games = new Rows<Game>(this, api.games, 3000);
  @state() private busy = false;
  @state() private error: unknown;

  override render(): TemplateResult {
    return html`<h1>Games</h1>
      <p>
        When two parties disagree about an answer, a few rounds narrow the difference to one instruction of a virtual machine, and a
        contract executes it. Whoever lied loses the bond.
      </p>
      <form class="catch" @submit=${this.start}>
        <label>Liar
          <select name="liar">
            <option value="proposer">proposer: gives a false answer</option>
            <option value="challenger">challenger: denies a right answer</option>
          </select>
        </label>
        <label>Lie
          <select name="lie">
            <option value="output">output: the text of the answer</option>
            <option value="activation">activation: a number inside the model</option>
            <option value="instruction">instruction: one step of the machine</option>
          </select>
        </label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? 'Starting …' : 'Catch a liar'}</button>
      </form>
      ${this.error ? failure(this.error) : ''}
      ${this.games.list(row, html`<p>No games yet. “Catch a liar” plays one on the local chain.</p>`)}`;
  }

  private readonly start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.error = undefined;
    try {
      go(`/games/${(await api.demo(String(data.get('liar')), String(data.get('lie')))).gameId}`);
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };
}

export function gameBadge(g: Game): TemplateResult {
  if (!g.winner) return badge('wait', `${g.turn ?? 'anyone'} to move`);
  return badge('good', g.winner === 'challenger' ? 'challenger won: the claimed answer was false' : 'proposer won: the answer was right');
}

function row(g: Game): TemplateResult {
  return html`<li>
    <a href="/games/${g.id}" @click=${navigate}>Game ${shortHash(g.id)}</a>
    <span class="meta"
      >${gameBadge(g)} · ${shortHash(g.challenger)} against ${shortHash(g.proposer)} ·
      <time datetime=${g.openedAt} title=${g.openedAt}>${age(g.openedAt)}</time></span
    >
  </li>`;
}
