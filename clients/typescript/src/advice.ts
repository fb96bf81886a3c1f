import { ActorEmbedFailureReason } from './failureReason.js';

/** The one line that helps, beside what the server says itself. */
const ADVICE: Partial<Record<ActorEmbedFailureReason, string>> = {
  network: 'The model is downloaded once: connect this machine to the network and start again (what arrived is kept), or ship ' +
    'the model and set the option model to its folder.',
  offline: 'The model is downloaded once: allow it a network, or ship the model and set the option model to its folder.',
  portReserved: 'Choose another port, 0 for a free one, or set fallbackToFreePort.',
};

/** A line of its own, or nothing. */
export function adviceFor(reason: ActorEmbedFailureReason): string {
  const advice = ADVICE[reason];
  return advice === undefined ? '' : `\n${advice}`;
}
