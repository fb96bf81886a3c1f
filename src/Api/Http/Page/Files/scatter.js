/** The lines as points on the two directions in which they differ most. */

import { colour, onThemeChange, sharp } from './colours.js';
import { byId, create, quote } from './elements.js';

const PADDING = 18;

/** Up to so many points have their line's number beside them. */
const MAX_WITH_NUMBERS = 60;

/** How near the mouse must be to a point, in pixels. */
const REACH = 24;

export class Scatter {
  #canvas = byId('map');
  #readout = byId('point');
  /** @type {string[]} */
  #lines = [];
  /** @type {Float32Array} */
  #points = new Float32Array(0);
  /** @type {{ x: number, y: number }[]} */
  #places = [];
  #current = 0;

  /** @param {(line: number) => void} onChosen */
  constructor(onChosen) {
    const draw = () => this.#draw();
    onThemeChange(draw);
    new ResizeObserver(draw).observe(this.#canvas);
    this.#canvas.addEventListener('pointermove', /** @param {PointerEvent} event */ event => this.#pointAt(event));
    this.#canvas.addEventListener('pointerdown', /** @param {PointerEvent} event */ event => {
      if (this.#pointAt(event))
        onChosen(this.#current);
    });
    this.#canvas.addEventListener('keydown', /** @param {KeyboardEvent} event */ event => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (step === undefined && event.key !== 'Enter' || this.#lines.length === 0)
        return;
      event.preventDefault();
      if (step === undefined)
        onChosen(this.#current);
      else
        this.choose((this.#current + step + this.#lines.length) % this.#lines.length);
    });
  }

  /**
   * @param {string[]} lines
   * @param {Float32Array} points x and y of each
   */
  show(lines, points) {
    [this.#lines, this.#points] = [lines, points];
    this.choose(0);
  }

  /** @param {number} line */
  choose(line) {
    if (line >= this.#lines.length)
      return;
    this.#current = line;
    this.#readout.replaceChildren(create('p', '', `Line ${line + 1}: `, quote(this.#lines[line])));
    this.#draw();
  }

  #draw() {
    if (this.#canvas.clientWidth === 0 || this.#lines.length === 0)
      return;
    const { context, width, height } = sharp(this.#canvas);
    this.#places = this.#placesIn(width, height);
    context.fillStyle = colour('--accent');
    const radius = this.#lines.length > 1000 ? 1.5 : 3;
    for (const { x, y } of this.#places)
      dot(context, x, y, radius);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillStyle = colour('--text');
    if (this.#lines.length <= MAX_WITH_NUMBERS)
      this.#places.forEach(({ x, y }, line) => context.fillText(String(line + 1), x + 6, y));
    const { x, y } = this.#places[this.#current];
    context.fillStyle = colour('--second');
    dot(context, x, y, radius + 3);
  }

  /**
   * Both directions on one scale: what looks near is near in what is shown.
   * @param {number} width
   * @param {number} height
   */
  #placesIn(width, height) {
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < this.#points.length; i += 2) {
      [left, right] = [Math.min(left, this.#points[i]), Math.max(right, this.#points[i])];
      [low, high] = [Math.min(low, this.#points[i + 1]), Math.max(high, this.#points[i + 1])];
    }
    const scale = Math.min((width - 2 * PADDING) / (right - left || 1), (height - 2 * PADDING) / (high - low || 1));
    return this.#lines.map((_, line) => ({
      x: width / 2 + (this.#points[line * 2] - (left + right) / 2) * scale,
      y: height / 2 - (this.#points[line * 2 + 1] - (low + high) / 2) * scale,
    }));
  }

  /** @param {PointerEvent} event */
  #pointAt(event) {
    let nearest = -1;
    let least = REACH;
    this.#places.forEach(({ x, y }, line) => {
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (distance < least)
        [nearest, least] = [line, distance];
    });
    if (nearest >= 0 && nearest !== this.#current)
      this.choose(nearest);
    return nearest >= 0;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
