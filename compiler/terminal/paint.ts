/** Colours of a terminal, as text. Whoever prints decides whether there are any; nothing here reads the environment. */

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

const CODES: { readonly [colour in Colour]: readonly [number, number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

export type Paint = (colour: Colour, text: string) => string;

/** A function that colours text, or leaves it as it is. */
export function painter(colour: boolean): Paint {
  if (!colour) return (_, text) => text;
  return (name, text) => `\u001b[${CODES[name][0]}m${text}\u001b[${CODES[name][1]}m`;
}

/** The colour in which a tier is shown everywhere. */
export function tierColour(tier: "allow" | "notify" | "ask" | "never" | "none"): Colour {
  if (tier === "allow") return "green";
  if (tier === "notify") return "cyan";
  if (tier === "ask") return "yellow";
  return tier === "never" ? "red" : "dim";
}
