import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { blank, type Exchange, follow, send } from '../prompt/conversation';
import '../receipt/receipt-card';
import { api, type Model, readsImages } from '../shared/api';
import { announce, failure, View } from '../shared/elements';
import { Load } from '../shared/load';
import { pixels } from './pixels';

const SIDE = 280;
const PEN = 22;
const MISSING_MS = 10_000; // until a model that was not there is looked for again

/** Draw a digit: a second program of the same virtual machine reads it, and its answer carries a receipt like any other. */
@customElement('opml-digit-page')
export class DigitPage extends View {
  private readonly model = new Load<Model | null>(this, async () => (await api.models()).items.find(readsImages) ?? null, (m) => (m ? Infinity : MISSING_MS));
  @state() private exchange: Exchange | undefined;
  @state() private busy = false;
  @state() private error: unknown;
  @query('canvas') private canvas!: HTMLCanvasElement;
  private drawing = false;
  private image: Uint8Array | undefined; // as it was sent

  override render(): TemplateResult {
    const error = this.error ?? this.model.error ?? (this.model.value === null ? 'This server has no model loaded that reads digits, so nothing can be read at the moment.' : '');
    return html`<h1>Draw a digit</h1>
      <p>
        A small neural network reads it. It runs in the same virtual machine as the language model, so its answer gets the same kind of
        receipt and can be checked, or challenged, in the same way.
      </p>
      <div class="digit">
        <div>
          <canvas
            width=${SIDE} height=${SIDE} role="img" aria-label="Drawing area; the buttons below draw a printed digit instead"
            @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${this.up}
          ></canvas>
          <p class="quiet">No pen? Let the page write a number:</p>
          <p class="printed" role="group" aria-label="Draw a printed digit">
            ${[...'0123456789'].map((d) => html`<button type="button" @click=${() => this.print(d)} aria-label="Print ${d}">${d}</button>`)}
          </p>
          <p class="examples">
            <button type="button" class="primary" ?disabled=${this.busy || !this.model.value} @click=${this.ask}>Read it</button>
            <button type="button" @click=${this.clear}>Clear</button>
          </p>
        </div>
        <div>${this.answer()}</div>
      </div>
      ${error ? failure(error) : ''}
      ${this.exchange?.receiptId ? html`<opml-receipt-card .receiptId=${this.exchange.receiptId} .asked=${this.image} .answer=${this.exchange.text}></opml-receipt-card>` : ''}`;
  }

  private answer(): TemplateResult {
    const [digit, ...shares] = (this.exchange?.phase === 'done' ? this.exchange.text : '').split(' ');
    if (!digit) return html`<p class="quiet">${this.busy ? 'Reading …' : 'Draw one number into the box, as large as it is. The answer appears here.'}</p>`;
    return html`<p class="reading">${digit}</p>
      <dl class="shares">
        ${shares.map(
          (share, i) => html`<dt>${i}</dt>
            <dd><meter min="0" max="1000" value=${share} aria-label="Share of ${i}"></meter> ${(Number(share) / 10).toFixed(1)} %</dd>`,
        )}
      </dl>`;
  }

  private pen(): CanvasRenderingContext2D {
    const pen = this.canvas.getContext('2d', { willReadFrequently: true })!;
    pen.lineWidth = PEN;
    pen.lineCap = pen.lineJoin = 'round';
    pen.strokeStyle = pen.fillStyle = getComputedStyle(this.canvas).color; // the same in every appearance: what is drawn stays when it changes
    return pen;
  }

  private at(event: PointerEvent): [number, number] {
    const scale = SIDE / this.canvas.clientWidth;
    return [event.offsetX * scale, event.offsetY * scale];
  }

  private readonly down = (event: PointerEvent): void => {
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    const pen = this.pen();
    pen.beginPath();
    pen.moveTo(...this.at(event));
    this.move(event);
  };

  private readonly move = (event: PointerEvent): void => {
    if (!this.drawing) return;
    const pen = this.pen();
    pen.lineTo(...this.at(event));
    pen.stroke();
  };

  private readonly up = (): void => {
    this.drawing = false;
  };

  private readonly clear = (): void => {
    this.pen().clearRect(0, 0, SIDE, SIDE);
    this.exchange = undefined;
    this.error = undefined;
  };

  private print(digit: string): void {
    this.clear();
    const pen = this.pen();
    pen.font = `${0.8 * SIDE}px sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = pen.measureText(digit);
    pen.fillText(digit, SIDE / 2, (SIDE + up - down) / 2);
    announce(`Drew ${digit}`);
  }

  private readonly ask = async (): Promise<void> => {
    const image = pixels(this.canvas);
    if (!image) {
      this.error = 'Nothing is drawn yet.';
      return;
    }
    this.busy = true;
    this.error = undefined;
    const x = blank();
    this.exchange = x;
    this.image = image;
    try {
      await send(x, { model: this.model.value!.name, image: btoa(String.fromCharCode(...image)) });
      await follow(x, () => this.requestUpdate());
      this.error = x.error;
      if (x.phase === 'done') {
        announce(`Read ${x.text[0]}`);
        await this.updateComplete;
        this.querySelector('.reading')?.scrollIntoView({ block: 'nearest' }); // on a small screen it is below the box
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };
}
