/** A small chart of the last ten minutes: one or two lines, the value of now and the highest. */

import { colour, sharp } from './colours.js';
import { create, setText } from './elements.js';
import { SPAN } from './history.js';

const COLOURS = ['--accent', '--second'];

export class Chart {
  #now = create('span', 'value');
  #most = create('span');
  #canvas = create('canvas');
  /** @type {string} */
  #title;
  /** @type {(moment: import('./history.js').Moment) => (number | null | undefined)[]} */
  #read;
  /** @type {(value: number) => string} */
  #write;

  /**
   * @param {HTMLElement} parent
   * @param {string} title
   * @param {(moment: import('./history.js').Moment) => (number | null | undefined)[]} read the value of each line
   * @param {(value: number) => string} write
   * @param {string[]} [names] of the lines, where there are two
   */
  constructor(parent, title, read, write, names = []) {
    [this.#title, this.#read, this.#write] = [title, read, write];
    this.#canvas.setAttribute('role', 'img');
    const legend = names.map((name, i) => create('span', i === 0 ? 'key-first' : 'key-second', name));
    parent.append(create('figure', 'chart',
      create('figcaption', '', create('span', '', title), this.#now),
      this.#canvas,
      create('div', 'note', this.#most, create('span', '', ...legend.flatMap((key, i) => (i === 0 ? [key] : [' ', key]))))));
  }

  /** @param {import('./history.js').Moment[]} moments in their order */
  draw(moments) {
    const lines = moments.map(this.#read);
    const most = lines.flat().reduce((/** @type {number} */ highest, value) => Math.max(highest, value ?? 0), 0);
    const now = lines.at(-1) ?? [];
    const told = now.map(value => (value == null ? '–' : this.#write(value))).join(' · ');
    setText(this.#now, told);
    setText(this.#most, `highest ${this.#write(most)}`);
    this.#canvas.setAttribute('aria-label', `${this.#title}: now ${told}, highest of ten minutes ${this.#write(most)}`);
    const { context, width, height } = sharp(this.#canvas);
    context.strokeStyle = colour('--line');
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    const end = moments.at(-1)?.at ?? 0;
    now.forEach((_, line) => this.#stroke(context, moments, lines, line, most || 1, end, width, height));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('./history.js').Moment[]} moments
   * @param {(number | null | undefined)[][]} lines
   * @param {number} line
   * @param {number} most
   * @param {number} end
   * @param {number} width
   * @param {number} height
   */
  #stroke(context, moments, lines, line, most, end, width, height) {
    context.strokeStyle = colour(COLOURS[line]);
    context.lineWidth = 1.5;
    context.beginPath();
    let isDrawing = false;
    moments.forEach(({ at, isFirst }, i) => {
      const value = lines[i][line];
      const x = width - (end - at) / SPAN * width;
      const y = height - 3 - (value ?? 0) / most * (height - 6);
      // Nothing is drawn over a time in which nobody looked.
      if (value != null && isDrawing && !isFirst)
        context.lineTo(x, y);
      else if (value != null)
        context.moveTo(x, y);
      isDrawing = value != null;
    });
    context.stroke();
  }
}
