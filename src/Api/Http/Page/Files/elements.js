/** Small pieces of the document. Whatever a user pasted goes in as text, never as markup. */

/** What is shown of a long text: a few lines of a list. */
const MAX_SHOWN_CHARACTERS = 240;

/**
 * The element with this id.
 * @param {string} id
 * @returns {any} typed by its use
 */
export const byId = id => document.getElementById(id) ?? fail(`There is no element ${id}.`);

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {...(Node | string)} children strings become text
 * @returns {any}
 */
export function create(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className)
    element.className = className;
  element.append(...children);
  return element;
}

/**
 * A pasted text, shortened, in its own direction whatever stands around it.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function quote(text) {
  const element = create('bdi', '', shorten(text));
  element.dir = 'auto';
  return element;
}

/**
 * @param {string} text
 * @param {number} [most] characters
 */
export function shorten(text, most = MAX_SHOWN_CHARACTERS) {
  if (text.length <= most)
    return text;
  // Not between the two halves of a character.
  const end = /[\uD800-\uDBFF]/.test(text[most - 1]) ? most - 1 : most;
  return `${text.slice(0, end)}…`;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  // A screen reader hears of a change only where there is one.
  if (element.textContent !== text)
    element.textContent = text;
}

/** @param {number} value */
export const cosine = value => value.toFixed(3);

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/**
 * A number as people read it: 12,345 or 3.27.
 * @param {number} value
 */
export const figure = value => (value >= 100 ? whole : short).format(value);

/**
 * "1 line", "12 lines".
 * @param {number} number
 * @param {string} noun
 */
export const count = (number, noun) => `${whole.format(number)} ${noun}${number === 1 ? '' : 's'}`;

/** @param {number} seconds */
export const duration = seconds => (seconds < 1 ? `${figure(seconds * 1000)} ms` : `${figure(seconds)} s`);

/** @param {number} bytes */
export const megabytes = bytes => `${figure(bytes / 1e6)} MB`;

/**
 * Two lines whose similarity is told, as it is read out.
 * @param {string[]} lines
 * @param {number} row
 * @param {number} column
 * @param {number} value
 * @returns {Node[]}
 */
export const describePair = (lines, row, column, value) => [
  create('p', '', `Lines ${row + 1} and ${column + 1}: `, create('span', 'value', cosine(value))),
  create('p', '', quote(lines[row])),
  create('p', '', quote(lines[column])),
];

/** @param {string} message */
function fail(message) {
  throw new Error(message);
}
