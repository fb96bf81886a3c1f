export { ActorEmbedClient } from './client.js';
export type { EmbedOptions, RequestOptions, ServerInfo } from './client.js';
export type { ActorEmbedClientConfig, ActorEmbedClientConfig as PythonSidecarClientConfig } from './config.js';
export { ActorEmbedError } from './error.js';
export type { ActorEmbedErrorCode, ActorEmbedErrorDetails } from './error.js';
export type { ActorEmbedFailureReason } from './failureReason.js';
export type { ActorEmbedLogLevel } from './logLevel.js';
export type { ActorEmbedProgress } from './progress.js';
export type { PromptOptions } from './prompt.js';
export type { PullModelOptions } from './pullModel.js';
export { PythonSidecarClient, PythonSidecarService } from './pythonSidecar.js';
export type { RankedText } from './ranking.js';
export { ActorEmbedService } from './service.js';
export type { ActorEmbedDevice, ActorEmbedServiceConfig, ActorEmbedServiceConfig as PythonSidecarServiceConfig } from './serviceConfig.js';
export type {
  ActorEmbedLastExit, ActorEmbedServiceEvents, ActorEmbedServiceState, ActorEmbedServiceStatus,
} from './serviceStatus.js';
export type { StartOptions } from './startSignal.js';
export type { WishOptions } from './wish.js';
