import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Claim, type Game, type Move } from '../shared/api';
import { hash, title, View } from '../shared/elements';
import { term } from '../help/term';
import { visible } from '../shared/visible';
import { duration, large } from '../shared/format';
import { Load } from '../shared/load';
import { answered, question } from '../shared/request';
import { navigate } from '../shared/router';
import { gameBadge } from './games-page';
import { rangeRuler } from './range-ruler';
import './dispute-panel';
import './operator-panel';
import './step-panel';

const KINDS: Record<Move['kind'], string> = {
  open: 'opens the game', reveal: 'reveals 63 states', pick: 'names the wrong piece', prove: 'proves the step',
  timeout: 'calls time', settle: 'settles',
};

const SHOWN = 10; // characters of a state in a table

@customElement('opml-game-page')
export class GamePage extends View {
  @property() gameId = '';
  @state() private selected = -1;
  private readonly game = new Load<Game>(this, () => api.game(this.gameId), (g) => (g?.winner != null ? Infinity : 1000));
  private readonly claim = new Load<Claim>(
    this,
    async () => api.claim((await api.game(this.gameId)).claimId),
    (c) => (c?.verdict != null ? Infinity : 2000),
  );

  override updated(): void {
    if (this.claim.value) title(`Game: ${question(this.claim.value.input).slice(0, 50)}`);
  }

  override render(): TemplateResult {
    return html`<h1>Game</h1>
      ${this.game.render((g) => this.view(g))}
      ${this.game.missing ? html`<p><a href="/games" @click=${navigate}>All games</a></p>` : ''}`;
  }

  private view(g: Game): TemplateResult {
    const gas = (by: string): number => g.moves.filter((m) => m.by === by).reduce((sum, m) => sum + Number(m.gas), 0);
    return html`<p role="status">${gameBadge(g)}</p>
      ${story(g)}
      ${this.claim.value ? about(this.claim.value) : ''}
      <div class="clocks">
        ${side('Proposer', g.proposer, left(g, 'proposer'), g.turn === 'proposer', gas('proposer'))}
        ${side('Challenger', g.challenger, left(g, 'challenger'), g.turn === 'challenger', gas('challenger'))}
      </div>
      ${rangeRuler(g)}
      <div class="scroll" tabindex="0" role="region" aria-label="Moves">
        <table class="moves">
          <caption class="unseen">Moves</caption>
          <thead>
            <tr><th scope="col">round</th><th scope="col">who</th><th scope="col">move</th><th scope="col">${term('step', 'steps')} in dispute</th><th scope="col">${term('gas', 'gas')}</th><th scope="col" title="milliseconds that this server worked on the move">ms</th></tr>
          </thead>
          <tbody>
            ${g.moves.map((m, i) => this.move(m, i, g.moves))}
          </tbody>
        </table>
      </div>
      ${g.disputedStep ? html`<opml-step-panel .game=${g} .step=${g.disputedStep}></opml-step-panel>` : ''}
      <section class="card" aria-label="Replay">
        <h2>Who is right?</h2>
        <opml-operator-panel .game=${g}></opml-operator-panel>
        <opml-dispute-panel .game=${g}></opml-dispute-panel>
      </section>`;
  }

  private move(m: Move, index: number, all: Move[]): TemplateResult {
    const open = this.selected === index;
    return html`<tr>
        <td>${m.round}</td>
        <td>${m.by}</td>
        <td>
          <button type="button" class="link" aria-expanded=${open ? 'true' : 'false'} @click=${() => (this.selected = open ? -1 : index)}>
            ${KINDS[m.kind]}${m.segment != null ? ` ${m.segment}` : ''}
          </button>
        </td>
        <td>${m.loIndex == null ? '' : m.width === 0 ? html`step <code>${m.loIndex}</code>` : html`2<sup>${m.width}</sup> from <code>${m.loIndex}</code>`}</td>
        <td>${Number(m.gas).toLocaleString('en')}</td>
        <td>${m.milliseconds ?? ''}</td>
      </tr>
      ${open ? html`<tr><td colspan="6">${detail(m)}${states(m, all[index - 1], all[index + 1])}</td></tr>` : ''}`;
  }
}

/** How far the game has come, in a sentence. */
function story(g: Game): TemplateResult {
  const open = g.moves.find((m) => m.kind === 'open');
  const picks = g.moves.filter((m) => m.kind === 'pick').length;
  const steps = open?.width == null ? 0 : 2 ** open.width;
  if (steps === 0) return html``;
  const rounds = `${picks} ${picks === 1 ? 'round' : 'rounds'}`;
  if (g.winner == null) {
    return html`<p>The answer is a ${term('trace', 'trace')} of up to ${large(steps)} steps. ${rounds} so far; at the end one step is left, and a contract executes it.</p>`;
  }
  const loser = g.winner === 'challenger' ? 'proposer' : 'challenger';
  const how = g.moves.some((m) => m.kind === 'prove') ? `${rounds} narrowed ${large(steps)} steps down to one. The contract executed it:` : `After ${rounds}`;
  return html`<p>${how} the ${loser} loses the ${term('bond', 'bond')}.</p>`;
}

/** What the game is about: the question, and the answers that both sides give. */
function about(c: Claim): TemplateResult {
  const differs = c.ownOutput != null && answered(c.ownOutput) !== answered(c.output);
  return html`<dl class="about">
    <dt>Asked</dt>
    <dd dir="auto">${visible(question(c.input))}</dd>
    <dt>Claimed answer</dt>
    <dd dir="auto">${visible(answered(c.output))}</dd>
    ${differs ? html`<dt>This server's answer</dt><dd dir="auto">${visible(answered(c.ownOutput!))}</dd>` : ''}
  </dl>`;
}

/** Seconds on a side's clock now: the mover's runs since the last move. */
function left(g: Game, who: 'proposer' | 'challenger'): number | null {
  const kept = who === 'proposer' ? g.proposerLeft : g.challengerLeft;
  if (kept == null || g.turn !== who || !g.movedAt) return kept;
  return kept - (Date.now() - Date.parse(g.movedAt)) / 1000;
}

function side(name: string, address: string, seconds: number | null, turn: boolean, gas: number): TemplateResult {
  return html`<div class="clock ${turn ? 'turn' : ''}">
    <h2>${name}</h2>
    <p class="time" role="timer" aria-label="${name}'s clock">${seconds == null ? '–' : duration(seconds)}</p>
    <p>${hash(address, `${name.toLowerCase()} address`)} <span class="spent">${gas.toLocaleString('en')} gas${turn ? ' · to move' : ''}</span></p>
  </div>`;
}

function detail(m: Move): TemplateResult {
  return html`<dl>
      <dt>Reason</dt>
      <dd>${m.reason ?? 'not our move'}</dd>
      <dt>Agreed</dt>
      <dd>${hash(m.lo, 'agreed state')}</dd>
      <dt>Disputed</dt>
      <dd>${hash(m.hi, 'disputed state')}</dd>
      <dt>Transaction</dt>
      <dd>${hash(m.transaction, 'transaction hash')}</dd>
    </dl>`;
}

/** What the proposer revealed beside what the challenger computed: a pick answers the reveal before it. */
function states(m: Move, before: Move | undefined, after: Move | undefined): TemplateResult | string {
  const reveal = m.kind === 'reveal' ? m : before?.kind === 'reveal' ? before : undefined;
  const pick = m.kind === 'pick' ? m : m.kind === 'reveal' && after?.kind === 'pick' ? after : undefined;
  if (!reveal?.states?.length || (m.kind !== 'reveal' && m.kind !== 'pick')) return '';
  return html`<div class="scroll states" tabindex="0" role="region" aria-label="Claimed and own states">
    <table>
      <thead><tr><th scope="col">#</th><th scope="col">the proposer's</th><th scope="col">the challenger's</th><th scope="col">equal</th></tr></thead>
      <tbody>
        ${reveal.states.map((claimed, i) => {
          const own = pick?.ownStates?.[i];
          return html`<tr>
            <td>${i + 1}</td>
            <td><code>${claimed.slice(0, SHOWN)}</code></td>
            <td>${own ? html`<code>${own.slice(0, SHOWN)}</code>` : html`<span title="${pick?.ownStates ? 'not computed: the first that differs decides' : 'not known here'}">–</span>`}</td>
            <td>${own === undefined ? '' : own === claimed ? '✓' : '✗'}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
