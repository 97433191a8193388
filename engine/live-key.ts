/** Names a text and a live set in a record, without telling the text to whoever lacks the request's arguments. */

/** To be hashed. @param args canonical JSON, as it stands beside the record */
export function liveKey(args: string, set: string, value: string): string {
  return JSON.stringify([args, set, value]);
}
