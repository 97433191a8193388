/** Which other files a policy needs: the catalogues that its `server` declarations name. */
import { type File, parse, type Source } from "../../dsl/index.ts";

/** Where a file named in a source stands, as the sources themselves are named; `/` separates, and `..` goes up. */
export function toolPath(source: string, file: string): string {
  if (file.startsWith("/")) return file;
  const steps = source.split("/").slice(0, -1);
  for (const step of file.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0 && steps.at(-1) !== ".." && steps.at(-1) !== "") steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}

/** The paths of all that `compile` wants as `files`, each once. */
export function neededFiles(sources: readonly Source[]): readonly string[] {
  const paths = sources.flatMap((source) => {
    // Most policies name no server, and none is parsed twice for nothing.
    if (!/\bserver\b/.test(source.text)) return [];
    return toolPaths(parse(source).file, source.name);
  });
  return [...new Set(paths)];
}

function toolPaths({ declarations }: File, source: string): readonly string[] {
  return declarations.filter((node) => node.kind === "Server").map(({ tools }) => toolPath(source, tools.value));
}
