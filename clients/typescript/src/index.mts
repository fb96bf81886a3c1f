// One implementation for both module systems: `instanceof ActorEmbedError` holds whichever way the package was loaded.
export {
  ActorEmbedClient, ActorEmbedError, ActorEmbedService, PythonSidecarClient, PythonSidecarService,
} from './index.js';
export type * from './index.js';
