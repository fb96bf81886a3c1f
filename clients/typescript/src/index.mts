// One implementation for both module systems: `instanceof ActorEmbedError` holds whichever way the package was loaded.
export * from './index.js';
