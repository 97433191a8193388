/**
 * `traceparent` (W3C Trace Context, section 3.2): which trace a request belongs to. What isn't well-formed is ignored,
 * as if there were none; a later version is read as far as this one knows it.
 */

const FIELD = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** `VERSION-TRACE-PARENT-FLAGS` without what later versions may have added; null where there is none to go by. */
export function traceParentOf(headers: Headers): string | null {
  // Several come joined by commas, and are none.
  const [, version, trace, parent, flags, more] = FIELD.exec(headers.get("traceparent") ?? "") ?? [];
  if (version === undefined || trace === undefined || parent === undefined || flags === undefined) return null;
  if (version === "ff" || (version === "00" && more !== undefined)) return null;
  if (/^0+$/.test(trace) || /^0+$/.test(parent)) return null;
  return `00-${trace}-${parent}-${flags}`;
}
