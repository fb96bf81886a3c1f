/** "Watch it": charts, figures and nodes, from the samples that the server sends. */

import { Chart } from './chart.js';
import { onThemeChange } from './colours.js';
import { byId, create, duration, figure, megabytes, setText } from './elements.js';
import { History, sum } from './history.js';

const history = new History();

/** @type {Chart[]} */
let charts = [];

/** @type {import('./live.js').LiveSample | null} */
let latest = null;

/** Texts of each node at its last sample, for its rate. @type {Map<string, { at: number, texts: number }>} */
let nodesBefore = new Map();

export function startWatching() {
  const place = byId('charts');
  const percentiles = (/** @type {import('./live.js').Latency | undefined} */ latency) => [latency?.p50, latency?.p95];
  charts = [
    new Chart(place, 'Texts a second', moment => [moment.texts], figure),
    new Chart(place, 'Tokens a second', moment => [moment.tokens], figure),
    new Chart(place, 'Texts waiting', moment => [moment.waiting], figure),
    new Chart(place, 'Texts in a batch', moment => [moment.fill], figure),
    new Chart(place, 'Small requests', moment => percentiles(moment.small), duration, ['p50', 'p95']),
    new Chart(place, 'Big requests', moment => percentiles(moment.big), duration, ['p50', 'p95']),
    new Chart(place, 'Memory', moment => [moment.memory], megabytes),
    new Chart(place, 'Cores in use', moment => [moment.cores], figure),
  ];
  onThemeChange(drawCharts);
  addEventListener('resize', drawCharts);
}

/** @param {import('./live.js').LiveSample[]} samples */
export function watch(samples) {
  history.add(samples);
  latest = samples.at(-1) ?? latest;
  show();
}

/** What is in sight now; nothing is drawn that nobody sees. */
export function show() {
  if (byId('watch').hidden || !latest)
    return;
  drawCharts();
  showFigures(latest);
  showNodes(latest);
}

/** What the line at the top says of the load. */
export function load() {
  const moment = history.moments.at(-1);
  return moment ? `${figure(moment.texts ?? 0)} texts/s, ${figure(moment.waiting)} waiting` : '';
}

function drawCharts() {
  if (byId('watch').hidden)
    return;
  for (const chart of charts)
    chart.draw(history.moments);
}

/** @param {import('./live.js').LiveSample} sample */
function showFigures(sample) {
  const place = byId('figures');
  const state = sample.models.map(model => `${nameOf(model, sample)}${model.asleep ? 'asleep' : model.state}`).join(', ');
  /** @type {[string, string][]} */
  const figures = [
    ['State', state],
    ['Requests waiting', figure(sample.models.reduce((all, model) => all + model.queued_requests, 0))],
    ['Requests answered', figure(sum(sample, 'answered'))],
    ['Requests rejected', figure(sum(sample, 'rejected'))],
    ['Batches', figure(sum(sample, 'batches'))],
    ['Texts', figure(sum(sample, 'texts'))],
    ['Tokens', figure(sum(sample, 'tokens'))],
    ['Texts cut', figure(sum(sample, 'truncated'))],
    ['Restarts of inference', figure(sum(sample, 'restarts'))],
    ['Batches lost', figure(sum(sample, 'lost_batches'))],
    ['Processor time', duration(sample.processor_seconds)],
  ];
  if (place.children.length !== figures.length)
    place.replaceChildren(...figures.map(([name]) => create('div', '', create('dt', '', name), create('dd'))));
  figures.forEach(([, value], i) => setText(place.children[i].lastElementChild, value));
}

/** @param {import('./live.js').LiveSample} sample */
function showNodes(sample) {
  const nodes = sample.models.flatMap(model => (model.nodes ?? []).map(node => ({ ...node, address: `${nameOf(model, sample)}${node.address}` })));
  byId('nodes').hidden = !sample.models.some(model => model.nodes);
  byId('node-rows').replaceChildren(...nodes.map(node => {
    const before = nodesBefore.get(node.address);
    const rate = before && sample.at > before.at ? (node.texts - before.texts) / ((sample.at - before.at) / 1000) : 0;
    const state = node.reason ? `${node.state}: ${node.reason}` : node.state;
    const cells = [state, figure(Math.max(0, rate)), figure(node.batches), figure(node.texts), figure(node.lost_batches), `${figure(node.seconds_since_seen)} s ago`];
    const name = create('th', '', node.address);
    name.scope = 'row';
    return create('tr', '', name, ...cells.map(cell => create('td', '', cell)));
  }));
  nodesBefore = new Map(nodes.map(node => [node.address, { at: sample.at, texts: node.texts }]));
}

/**
 * Its name before what is said of it, where there are several.
 * @param {import('./live.js').LiveModel} model
 * @param {import('./live.js').LiveSample} sample
 */
const nameOf = (model, sample) => (sample.models.length > 1 ? `${model.id ?? 'a model'}: ` : '');
