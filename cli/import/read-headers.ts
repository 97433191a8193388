/** `Name: value` from the command line. A value of `@FILE` is that file's text, so that no token stands in a history. */
import { usage } from "../failure.ts";
import { readText } from "../read-sources.ts";

export async function readHeaders(lines: readonly string[]): Promise<{ readonly [name: string]: string }> {
  const read = lines.map(async (line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw usage(`\`${line}\` isn't a header`, 'write it as "Name: value"');
    return [name.toLowerCase(), value.startsWith("@") ? (await readText(value.slice(1))).trim() : value] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
