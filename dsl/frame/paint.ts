/** Colours of a frame, or none. */

export interface Paint {
  readonly level: (text: string, level: "error" | "warning" | "note") => string;
  readonly strong: (text: string) => string;
  readonly frame: (text: string) => string;
}

const codes = { error: "1;31", warning: "1;33", note: "1;36" } as const;

function colour(code: string): (text: string) => string {
  return (text) => (text === "" ? "" : `\u001b[${code}m${text}\u001b[0m`);
}

export const coloured: Paint = {
  level: (text, level) => colour(codes[level])(text),
  strong: colour("1"),
  frame: colour("34"),
};

export const uncoloured: Paint = { level: (text) => text, strong: (text) => text, frame: (text) => text };
