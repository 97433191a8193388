/** Lines of at most 100 columns, what is broken off indented below. */
const WIDEST = 100;

export function wrapped(line: string): readonly string[] {
  const indent = `${/^ */.exec(line)?.[0] ?? ""}  `;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > WIDEST) {
    const space = rest.lastIndexOf(" ", WIDEST);
    // A word that fills the line, such as JSON without a space, is cut.
    const at = space > indent.length ? space : WIDEST;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
