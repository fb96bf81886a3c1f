import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

const usage = `usage: node bench/peers/run.mjs [options]
  --rounds N     rounds, each of every load on every server (5)
  --seconds S    seconds of a measurement (4)
  --only A,B     these servers beside the reference, by the names in bench/peers/lib/servers.mjs
  --threads N    threads of every server (one for each core)
  --model NAME   what all serve: standin, or a model with real weights, all-MiniLM-L6-v2 or snowflake-arctic-embed-xs (standin)
  --smoke        one round of half a second: does everything run? Results go to artifacts/peers
  --skip-build   the server, the bench and the npm packages are as the last run left them
  --lock FILE    hold this file's lock in each round and not between rounds, where a machine is shared
  --out DIR      where peers.json, peers.md and peers.svg go (bench/results)`;

/** What servers can be measured on; `directory` holds it as ActorEmbed reads it, `begin` and `end` are the tokens around a text. */
const models = {
  standin: { title: 'Stand-in of XLM-RoBERTa base with random weights: speed and memory only', directory: 'artifacts/standin', pooling: 'mean', begin: 0, end: 2 },
  'all-MiniLM-L6-v2': { title: 'all-MiniLM-L6-v2 with its real weights', directory: 'artifacts/real/all-MiniLM-L6-v2', pooling: 'mean', begin: 101, end: 102 },
  'snowflake-arctic-embed-xs': { title: 'snowflake-arctic-embed-xs with its real weights', directory: 'artifacts/real/snowflake-arctic-embed-xs', pooling: 'cls', begin: 101, end: 102 },
};

/** The command line, checked; exits with the usage when it makes no sense. */
export function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '4' },
        only: { type: 'string' },
        threads: { type: 'string', default: String(availableParallelism()) },
        model: { type: 'string', default: 'standin' },
        smoke: { type: 'boolean', default: false },
        'skip-build': { type: 'boolean', default: false },
        lock: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) throw new Error('');
    const model = models[values.model];
    if (!model) throw new Error(`--model must be one of ${Object.keys(models).join(', ')}, but is '${values.model}'.`);
    const files = resolve(root, 'artifacts/peers', values.model === 'standin' ? '' : values.model);
    return {
      rounds: values.smoke ? 1 : positive(values.rounds, 'rounds'),
      seconds: values.smoke ? 0.5 : positive(values.seconds, 'seconds'),
      threads: positive(values.threads, 'threads'),
      only: values.only?.split(','),
      smoke: values.smoke,
      skipBuild: values['skip-build'],
      lock: values.lock,
      out: resolve(values.out ?? resolve(root, values.smoke ? 'artifacts/peers/smoke' : 'bench/results', values.model === 'standin' ? '' : values.model)),
      model: { name: values.model, ...model, directory: resolve(root, model.directory) },
      files,
      server: resolve(root, 'artifacts/peers/actorembed'),
    };
  } catch (error) {
    console.error([error.message, usage].filter(Boolean).join('\n'));
    process.exit(error.message ? 1 : 0);
  }
}

function positive(text, name) {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a positive number, but is '${text}'.`);
  return value;
}
