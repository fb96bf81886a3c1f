/** Whether a server's model is the expected one: ids with an owner must agree in full, a short name with the end of one. */
export function isSameModel(expected: string, actual: string): boolean {
  const [a, b] = [expected.toLowerCase(), actual.toLowerCase()];
  return a.includes('/') && b.includes('/') ? a === b : shortName(a) === shortName(b);
}

function shortName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}
