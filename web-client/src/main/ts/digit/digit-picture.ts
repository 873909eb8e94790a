import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { View } from '../shared/elements';
import { image } from '../shared/request';

const SIDE = 28;

/** The image that a request holds, small: ink on paper in the page's own colours. */
@customElement('opml-digit-picture')
export class DigitPicture extends View {
  @property({ attribute: false }) pixels!: Uint8Array;
  @query('canvas') private canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    return html`<canvas class="picture" width=${SIDE} height=${SIDE} role="img" aria-label="The drawn digit"></canvas>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('pixels')) return;
    const context = this.canvas.getContext('2d')!;
    const picture = context.createImageData(SIDE, SIDE);
    // opaque black and white: readable on light and on dark paper
    this.pixels.forEach((ink, i) => picture.data.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * i));
    context.putImageData(picture, 0, 0);
  }
}

/** The picture of a request that asks about one of this size; undefined for any other. */
export function pictured(input: string): TemplateResult | undefined {
  const pixels = image(input);
  return pixels?.length === SIDE * SIDE ? html`<opml-digit-picture .pixels=${pixels}></opml-digit-picture>` : undefined;
}
