/** Long enough for a sentence with the longest name of a field in it, and not for a page of HTML. */
const MAX_REASON_CHARS = 300;

/**
 * The sentence in the body of an error, '' where it says nothing. ActorEmbed says it in `detail` (problem documents) or
 * `reason` (`/health`), the Python sidecar in `detail`, a sentence or a list of objects with a `msg`, proxies and other servers
 * in `error`, `error.message` or `message`.
 */
export function reasonOf(body: string): string {
  const reason = (sentence(fieldsOf(body)) ?? body).trim();
  return reason.length > MAX_REASON_CHARS ? `${reason.slice(0, MAX_REASON_CHARS)}…` : reason;
}

/** The field that an error names. */
export function faultyField(body: string): string | undefined {
  return text(fieldsOf(body)['field']);
}

function sentence(fields: Record<string, unknown>): string | undefined {
  const { detail, reason, error, message } = fields;
  const first: unknown = Array.isArray(detail) ? detail[0] : undefined;
  return text(detail) ?? text(asFields(first)['msg']) ?? text(reason) ?? text(error) ?? text(asFields(error)['message']) ?? text(message);
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    return asFields(JSON.parse(body));
  } catch {
    return {};
  }
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
