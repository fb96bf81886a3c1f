/** How far the download or compilation of a model is. */
export interface ActorEmbedProgress {
  /** Full id of the model. */
  model: string;
  /** Such as `listing`, `starting`, `downloading`, `waiting`, `retrying`, `compiling`; more may come. */
  stage: string;
  /** The file that moved last; null when it concerns the whole. */
  file: string | null;
  /** Bytes of all files that are there. */
  bytes: number;
  /** Bytes of all files; 0 while unknown, and when the model is being compiled. */
  size: number;
  /** 0 to 1. */
  fraction: number;
  /** A line for a person, when something is being waited for or tried again. */
  note: string | null;
}
