import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { term } from '../help/term';
import { api, type Claim, type Game, Problem } from '../shared/api';
import { badge, failure, sentence, View } from '../shared/elements';
import { age, shortHash } from '../shared/format';
import { Rows } from '../shared/load';
import { answered, question } from '../shared/request';
import { go, navigate } from '../shared/router';
import { visible } from '../shared/visible';

const AGAIN_MS = 2000;
const LOOK_MS = 300;
const PATIENCE_MS = 60_000; // then the game's own page says that it is not there
const SHOWN = 80; // characters of a text in the list

@customElement('opml-games-page')
export class GamesPage extends View {
  private readonly games = new Rows<Game>(this, api.games, 3000);
  private readonly claims = new Map<string, Claim | undefined>(); // what the games are about; undefined while it is asked for
  @state() private busy = false;
  @state() private error: unknown;

  override render(): TemplateResult {
    return html`<h1>Games</h1>
      <p>
        When two parties disagree about an answer, a few rounds narrow the difference to one instruction of a ${term('machine', 'virtual machine')}, and a
        contract executes it. Whoever lied loses the ${term('bond', 'bond')}. Here one of two parties lies on purpose, and you watch it being caught:
      </p>
      <form class="catch" @submit=${this.start}>
        <label>Who lies
          <select name="liar">
            <option value="proposer">the proposer, who answers</option>
            <option value="challenger">the challenger, who checks</option>
          </select>
        </label>
        <label>What is false
          <select name="lie">
            <option value="output">the text of the answer</option>
            <option value="activation">a number inside the model</option>
            <option value="instruction">one step of the machine</option>
          </select>
        </label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? 'Starting …' : 'Catch a liar'}</button>
      </form>
      ${this.busy ? html`<p class="quiet" role="status">The lie is told and challenged. In some seconds the game is on the chain, and you see it.</p>` : ''}
      ${this.error ? failure(this.error) : ''}
      ${this.games.list((g) => this.row(g), html`<p>No games yet. “Catch a liar” plays one.</p>`)}`;
  }

  private row(g: Game): TemplateResult {
    const c = this.claim(g.claimId);
    return html`<li>
      <a href="/games/${g.id}" @click=${navigate}>Game ${shortHash(g.id)}</a>
      ${c ? html`<span dir="auto">${visible(start(question(c.input)))} <span class="quiet">claimed:</span> ${visible(start(answered(c.output)))}</span>` : ''}
      <span class="meta">${gameBadge(g)} · <time datetime=${g.openedAt} title=${g.openedAt}>${age(g.openedAt)}</time></span>
    </li>`;
  }

  private claim(id: string): Claim | undefined {
    if (!this.claims.has(id)) {
      this.claims.set(id, undefined);
      api.claim(id).then(
        (c) => {
          this.claims.set(id, c);
          this.requestUpdate();
        },
        () => setTimeout(() => this.claims.delete(id), AGAIN_MS), // not known yet
      );
    }
    return this.claims.get(id);
  }

  private readonly start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.error = undefined;
    try {
      const { gameId } = await api.demo(String(data.get('liar')), String(data.get('lie')));
      await known(gameId);
      if (this.isConnected) go(`/games/${gameId}`);
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };
}

/** The server has opened the game; it knows it as soon as it has read that in a block. */
async function known(gameId: string): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
    try {
      await api.game(gameId);
      return;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
  }
}

function start(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export function gameBadge(g: Game): TemplateResult {
  if (!g.winner) return badge('wait', sentence(`${g.turn ?? 'anyone'} to move`));
  return badge('good', g.winner === 'challenger' ? 'Challenger won: the claimed answer was false' : 'Proposer won: the answer was right');
}
