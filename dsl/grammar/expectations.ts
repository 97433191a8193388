/**
 * What Chevrotain asks for when a token doesn't fit. The answer isn't a message but only *what was expected*, in policy
 * words; `explain-unexpected.ts` makes the message of it. So no text of Chevrotain's ever reaches a user.
 */
import { type IParserErrorMessageProvider, type TokenType, tokenLabel } from "chevrotain";

const mostAlternatives = 6;

export const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ expectedPathsPerAlt, customUserDescription }) =>
    customUserDescription ?? oneOf(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths, customUserDescription }) =>
    customUserDescription ?? oneOf(expectedIterationPaths),
};

function oneOf(paths: readonly (readonly TokenType[])[]): string {
  const firsts = new Set(
    paths
      .map((path) => path[0])
      .filter((first) => first !== undefined)
      .map(tokenLabel),
  );
  const shown = [...firsts].slice(0, mostAlternatives);
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}
