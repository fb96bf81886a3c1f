export { ActorEmbedClient, ActorEmbedClient as PythonSidecarClient } from './client.js';
export type { RequestOptions, ServerInfo } from './client.js';
export type { ActorEmbedClientConfig, ActorEmbedClientConfig as PythonSidecarClientConfig } from './config.js';
export { ActorEmbedError } from './error.js';
export type { ActorEmbedErrorCode, ActorEmbedErrorDetails } from './error.js';
export { ActorEmbedService, ActorEmbedService as PythonSidecarService } from './service.js';
export type { ActorEmbedServiceConfig, ActorEmbedServiceConfig as PythonSidecarServiceConfig } from './serviceConfig.js';
export type {
  ActorEmbedLastExit, ActorEmbedServiceEvents, ActorEmbedServiceState, ActorEmbedServiceStatus,
} from './serviceStatus.js';
