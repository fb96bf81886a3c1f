/** The similarity of each pair as a colour; a pair is read by mouse, finger or keyboard. */

import { colour, onThemeChange, ramp, readableOn, sharp } from './colours.js';
import { byId, cosine, describePair, setText } from './elements.js';

/** Up to so many lines a cell is large enough for its value, and its line for a number beside it. */
const MAX_WITH_VALUES = 12;
const MAX_WITH_NUMBERS = 30;

/** Room for those numbers, in pixels. */
const MARGIN = 26;

const STEPS = 256;

export class HeatMap {
  #canvas = byId('matrix');
  #cursor = byId('matrix-cursor');
  #pair = byId('pair');
  /** @type {{ lines: string[], values: Float32Array, from: number, count: number, low: number } | null} */
  #shown = null;
  #row = 0;
  #column = 0;

  /** @param {(line: number) => void} onChosen */
  constructor(onChosen) {
    const draw = () => this.#draw();
    onThemeChange(draw);
    new ResizeObserver(draw).observe(this.#canvas);
    this.#canvas.addEventListener('pointermove', /** @param {PointerEvent} event */ event => this.#pointAt(event));
    this.#canvas.addEventListener('pointerdown', /** @param {PointerEvent} event */ event => {
      this.#pointAt(event);
      if (this.#shown)
        onChosen(this.#shown.from + this.#row);
    });
    this.#canvas.addEventListener('keydown', /** @param {KeyboardEvent} event */ event => this.#onKey(event, onChosen));
  }

  /**
   * @param {string[]} lines all of them
   * @param {Float32Array} values of the pairs of those that are shown, row by row
   * @param {number} from the first of those
   * @param {number} count of those
   */
  show(lines, values, from, count) {
    // The colours span what is there: models differ in how near they put texts that have nothing in common.
    const low = Math.min(values.reduce((least, value) => Math.min(least, value), 1), 0.99);
    this.#shown = { lines, values, from, count, low };
    setText(byId('scale-low'), cosine(low));
    setText(byId('scale-high'), cosine(1));
    this.#draw();
    this.#moveTo(0, Math.min(1, count - 1));
  }

  get #margin() {
    return this.#shown && this.#shown.count <= MAX_WITH_NUMBERS ? MARGIN : 0;
  }

  #draw() {
    if (!this.#shown || this.#canvas.clientWidth === 0)
      return;
    const { values, count, from, low } = this.#shown;
    const { context, width, height } = sharp(this.#canvas);
    const colours = ramp(STEPS);
    const margin = this.#margin;
    const cell = (width - margin) / count;
    const image = new ImageData(count, count);
    values.forEach((value, i) => image.data.set([...colours[this.#step(value, low)], 255], i * 4));
    const small = new OffscreenCanvas(count, count);
    small.getContext('2d')?.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, margin, margin, width - margin, height - margin);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.font = '12px system-ui, sans-serif';
    const middle = (/** @type {number} */ place) => margin + (place + 0.5) * cell;
    for (let place = 0; place < count && margin > 0; place++) {
      context.fillStyle = colour('--text');
      context.fillText(String(from + place + 1), margin / 2, middle(place), margin);
      context.fillText(String(from + place + 1), middle(place), margin / 2, margin);
    }
    for (let i = 0; i < values.length && count <= MAX_WITH_VALUES; i++) {
      context.fillStyle = readableOn(colours[this.#step(values[i], low)]);
      context.fillText(values[i].toFixed(2), middle(i % count), middle(Math.floor(i / count)), cell);
    }
    this.#placeCursor();
  }

  /**
   * @param {number} value
   * @param {number} low
   */
  #step(value, low) {
    return Math.max(0, Math.min(STEPS - 1, Math.round((value - low) / (1 - low) * (STEPS - 1))));
  }

  /** @param {PointerEvent} event */
  #pointAt(event) {
    if (!this.#shown)
      return;
    const cell = (this.#canvas.clientWidth - this.#margin) / this.#shown.count;
    this.#moveTo(Math.floor((event.offsetY - this.#margin) / cell), Math.floor((event.offsetX - this.#margin) / cell));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {(line: number) => void} onChosen
   */
  #onKey(event, onChosen) {
    if (!this.#shown)
      return;
    const last = this.#shown.count - 1;
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowUp: () => this.#moveTo(this.#row - 1, this.#column),
      ArrowDown: () => this.#moveTo(this.#row + 1, this.#column),
      ArrowLeft: () => this.#moveTo(this.#row, this.#column - 1),
      ArrowRight: () => this.#moveTo(this.#row, this.#column + 1),
      PageUp: () => this.#moveTo(this.#row - 10, this.#column),
      PageDown: () => this.#moveTo(this.#row + 10, this.#column),
      Home: () => this.#moveTo(this.#row, 0),
      End: () => this.#moveTo(this.#row, last),
      Enter: () => onChosen(/** @type {any} */ (this.#shown).from + this.#row),
    };
    if (!moves[event.key])
      return;
    event.preventDefault();
    moves[event.key]();
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #moveTo(row, column) {
    const { lines, values, from, count } = /** @type {any} */ (this.#shown);
    const inside = (/** @type {number} */ place) => Math.max(0, Math.min(count - 1, place));
    const [newRow, newColumn] = [inside(row), inside(column)];
    this.#placeCursor(newRow, newColumn);
    if (this.#pair.hasChildNodes() && newRow === this.#row && newColumn === this.#column && this.#pair.shown === values)
      return;
    [this.#row, this.#column] = [newRow, newColumn];
    this.#pair.shown = values;
    this.#pair.replaceChildren(...describePair(lines, from + newRow, from + newColumn, values[newRow * count + newColumn]));
  }

  #placeCursor(row = this.#row, column = this.#column) {
    if (!this.#shown)
      return;
    const cell = (this.#canvas.clientWidth - this.#margin) / this.#shown.count;
    Object.assign(this.#cursor.style, {
      left: `${this.#margin + column * cell}px`,
      top: `${this.#margin + row * cell}px`,
      width: `${cell}px`,
      height: `${cell}px`,
    });
    this.#cursor.hidden = false;
  }
}
