/** Why a server could not be started, or a model not be downloaded. */
export type ActorEmbedFailureReason =
  /** The hub cannot be reached, or the connection broke again and again. Worth another try later. */
  | 'network'
  /** The hub asks to slow down, for longer than was waited. Worth another try later. */
  | 'rateLimited'
  /** The hub has a problem of its own. Worth another try later. */
  | 'serverError'
  /** The disk of the models has no room. */
  | 'diskFull'
  /** The folder of the models cannot be written. */
  | 'cacheNotWritable'
  /** The hub wants a token, or refuses the one it was given. It says the same of a model that does not exist. */
  | 'unauthorized'
  /** The model's owner asks every user to accept conditions first. */
  | 'gated'
  /** No such model, revision or file. */
  | 'notFound'
  /** What arrived is not what the hub announced, twice. */
  | 'checksumMismatch'
  /** Offline was asked for, and the model is not on the disk. */
  | 'offline'
  /** What answers does not speak the hub's language: a wrong address, or a network that wants a login first. */
  | 'protocol'
  /** The model is damaged, or of a kind that cannot be run. */
  | 'model'
  /** The device that was named cannot be had, or not for this model; the message says what is missing. */
  | 'device'
  /** An option or setting is invalid. */
  | 'options'
  /** Another process has the port. */
  | 'portInUse'
  /** The system keeps the port for itself, or this user may not use it. */
  | 'portReserved'
  /** The address cannot be listened on for another reason. */
  | 'cannotListen'
  /** A library of the system is missing or too old: on Windows, the Visual C++ runtime. */
  | 'missingRuntime'
  /** The model was loaded, but gives no vectors. */
  | 'inference'
  /** There is no executable where it was looked for. */
  | 'executableNotFound'
  /** The file may not be executed. */
  | 'notExecutable'
  /** The executable was built for another processor. */
  | 'wrongArchitecture'
  /** The system or a virus scanner does not let it run. */
  | 'blocked'
  /** The system could not start it for another reason. */
  | 'notStarted'
  /** It neither became ready nor said what it was doing for `startTimeout`. */
  | 'timeout'
  /** It ended without saying why. */
  | 'crashed';
