/** Colours for canvases, from the style sheet, in the light or dark of the moment. */

const dark = matchMedia('(prefers-color-scheme: dark)');

/** @param {() => void} redraw */
export const onThemeChange = redraw => dark.addEventListener('change', redraw);

/** @param {string} name of a custom property, such as --text */
export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * The colours from the lowest to the highest value.
 * @param {number} steps
 * @returns {number[][]} red, green and blue of each step
 */
export function ramp(steps) {
  const stops = ['--heat-low', '--heat-mid', '--heat-high'].map(name => channels(colour(name)));
  return Array.from({ length: steps }, (_, step) => {
    const place = step / (steps - 1) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    return stops[at].map((from, i) => Math.round(from + (stops[at + 1][i] - from) * (place - at)));
  });
}

/**
 * Black or white, whichever is easier to read on it.
 * @param {number[]} background
 */
export const readableOn = ([red, green, blue]) => (luminance(red, green, blue) > 0.179 ? '#000000' : '#ffffff');

/**
 * A canvas as sharp as the screen, and its size in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 */
export function sharp(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(scale, scale);
  return { context, width, height };
}

/** @param {string} hex such as #1a2b3c */
const channels = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));

/** @param {number[]} rgb by the definition of WCAG 2, whose turning point between black and white is 0.179 */
function luminance(...rgb) {
  const [red, green, blue] = rgb.map(channel => channel / 255).map(part => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
