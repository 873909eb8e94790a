/** A drawing as the classifier was trained to see it (MNIST's own preparation): 28 x 28 bytes, 0 is paper. */

const SIDE = 28;
const BOX = 20; // the digit fits a box of 20, and its centre of mass lies in the middle

/** Null when nothing is drawn. Ink is what is opaque on the canvas. */
export function pixels(drawing: HTMLCanvasElement): Uint8Array | null {
  const whole = drawing.getContext('2d')!.getImageData(0, 0, drawing.width, drawing.height);
  const box = bounds(whole);
  if (!box) return null;
  const scale = BOX / Math.max(box.width, box.height);
  const first = scaled(drawing, box, scale, (SIDE - box.width * scale) / 2, (SIDE - box.height * scale) / 2);
  const [x, y] = centre(first);
  return scaled(drawing, box, scale, SIDE / 2 - (x - (SIDE - box.width * scale) / 2), SIDE / 2 - (y - (SIDE - box.height * scale) / 2));
}

function bounds(image: ImageData): DOMRect | null {
  let [left, top, right, bottom] = [image.width, image.height, -1, -1];
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (image.data[4 * (y * image.width + x) + 3]! > 0) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
    }
  }
  return right < 0 ? null : new DOMRect(left, top, right - left + 1, bottom - top + 1);
}

function scaled(drawing: HTMLCanvasElement, box: DOMRect, scale: number, x: number, y: number): Uint8Array {
  const small = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  small.imageSmoothingQuality = 'high';
  small.drawImage(drawing, box.x, box.y, box.width, box.height, x, y, box.width * scale, box.height * scale);
  const { data } = small.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i + 3]!);
}

function centre(image: Uint8Array): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  image.forEach((ink, i) => {
    sum += ink;
    x += ink * ((i % SIDE) + 0.5);
    y += ink * (Math.floor(i / SIDE) + 0.5);
  });
  return [x / sum, y / sum];
}
