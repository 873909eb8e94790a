import { svg, html, type TemplateResult } from 'lit';
import type { Game } from '../shared/api';

const HEIGHT = 22;

/** The disputed range after each round: each bar is the one above it, 64 times enlarged, with the picked piece marked. */
export function rangeRuler(g: Game): TemplateResult {
  const picks = g.moves.filter((m) => m.kind === 'pick' && m.segment != null);
  const first = g.moves.find((m) => m.kind === 'open');
  if (!first || picks.length === 0) return html``;
  const rows = picks.length;
  return html`<figure class="ruler">
    <svg viewBox="0 0 640 ${rows * HEIGHT}" role="img" aria-label="Range of ${first.width} bits narrowed in ${rows} rounds">
      ${picks.map((m, i) => {
        const y = i * HEIGHT;
        const x = (m.segment ?? 0) * 10;
        return svg`<rect x="0" y=${y + 2} width="640" height="12" class="whole"></rect>
          <rect x=${x} y=${y + 2} width="10" height="12" class="part"></rect>
          ${i + 1 < rows ? svg`<path d=${`M${x} ${y + 14}L0 ${y + HEIGHT + 2}M${x + 10} ${y + 14}L640 ${y + HEIGHT + 2}`} class="zoom"></path>` : ''}`;
      })}
    </svg>
    <figcaption class="quiet">Each bar is the marked piece of the bar above, 64 times enlarged; a mark in the last bar is one step.</figcaption>
  </figure>`;
}
