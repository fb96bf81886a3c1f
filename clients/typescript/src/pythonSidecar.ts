import { ActorEmbedClient, ClientInternals, EmbedOptions } from './client.js';
import { ActorEmbedClientConfig } from './config.js';
import { debugLog } from './debug.js';
import { isSameModel } from './modelCheck.js';
import { ActorEmbedService, ServiceInternals } from './service.js';
import { ActorEmbedServiceConfig } from './serviceConfig.js';

/** What the Python sidecar served, and what vectors that were stored with it belong to. */
export const PYTHON_SIDECAR_MODEL = 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2';

/**
 * `ActorEmbedService` under the old name: without a model named it runs the old sidecar's, which is downloaded at the
 * first start as the old sidecar did it.
 */
export class PythonSidecarService extends ActorEmbedService {
  /** @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is out of range. */
  constructor(config?: ActorEmbedServiceConfig);
  /** @internal */
  constructor(config: ActorEmbedServiceConfig | undefined, internals: ServiceInternals);
  constructor(config: ActorEmbedServiceConfig = {}, internals: ServiceInternals = {}) {
    super(namesModel(config) ? config : { ...config, model: PYTHON_SIDECAR_MODEL }, internals);
  }
}

/**
 * `ActorEmbedClient` under the old name: asks the server once which model it runs, and warns loudly if it is not the old
 * sidecar's. A `model` in the options is expected in its place, and insisted on.
 */
export class PythonSidecarClient extends ActorEmbedClient {
  readonly #warnsOfOthers: boolean;
  readonly #log = debugLog('SIDECAR-CLIENT');
  #checked = false;

  /** @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is out of range. */
  constructor(config?: ActorEmbedClientConfig);
  /** @internal */
  constructor(config: ActorEmbedClientConfig | undefined, internals: ClientInternals);
  constructor(config: ActorEmbedClientConfig = {}, internals: ClientInternals = {}) {
    super(config, internals);
    this.#warnsOfOthers = config.model === undefined;
  }

  override async embedBatch(texts: readonly string[], normalize = true, options: EmbedOptions = {}): Promise<number[][]> {
    const vectors = await super.embedBatch(texts, normalize, options);
    if (vectors.length > 0) this.#checkOnce();
    return vectors;
  }

  override async embedBatchFloat32(texts: readonly string[], normalize = true, options: EmbedOptions = {}): Promise<Float32Array[]> {
    const vectors = await super.embedBatchFloat32(texts, normalize, options);
    if (vectors.length > 0) this.#checkOnce();
    return vectors;
  }

  /** Beside the caller's own work, which it neither delays nor fails. */
  #checkOnce(): void {
    if (this.#checked || !this.#warnsOfOthers) return;
    this.#checked = true;
    this.getInfo().then(({ model_id: model, dim }) => {
      if (!isSameModel(PYTHON_SIDECAR_MODEL, model)) warnOfOtherModel(model, dim);
    }, (error: unknown) => {
      this.#checked = false;
      this.#log(() => `the model could not be asked for: ${String(error)}`);
    });
  }
}

function namesModel(config: ActorEmbedServiceConfig): boolean {
  const variable = 'ACTOREMBED_MODEL';
  const environment = { ...process.env, ...config.env };
  return config.model !== undefined || Boolean(environment[variable])
    || (config.args ?? []).some((argument) => argument === '--model' || argument.startsWith('--model='));
}

function warnOfOtherModel(model: string, dimensions: number): void {
  process.emitWarning(
    `The embedding server runs ${model} (${dimensions} dimensions), not ${PYTHON_SIDECAR_MODEL}, which the Python sidecar ran. ` +
    'Vectors of the two cannot be compared: set the model of the server, or the option model of this client to say that it is meant.',
    { type: 'ActorEmbedWarning', code: 'ACTOREMBED_OTHER_MODEL' });
}
