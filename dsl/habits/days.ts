/** Days in words: `30 June 2027`, `Jun 30, 2027`. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A pattern for the beginning of a month's name. */
export const monthNames = months.join("|");

/** The day as year, month and day. */
export function meantDay(text: string): string {
  const words = text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  const year = words.find((word) => /^\d{4}$/.test(word)) ?? "2027";
  const day = words.find((word) => /^\d{1,2}$/.test(word)) ?? "1";
  const month = months.findIndex((name) => words.some((word) => word.startsWith(name)));
  return `${year}-${String(month + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
}
