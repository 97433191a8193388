import { describe, expect, test } from "vitest";
import { cycleIn, roomsOf } from "./rooms.ts";

describe("the rooms of a folder have an order", () => {
  for (const folder of ["compiler", "edge", "cli"]) {
    test(`no room of ${folder}/ imports one that imports it`, () => {
      const rooms = roomsOf(folder);
      expect(rooms.size, `no rooms found in ${folder}/`).toBeGreaterThan(4);
      expect(cycleIn(rooms)).toBeNull();
    });
  }

  test("a way back is found, however long", () => {
    const rooms = new Map([
      ["a", new Map([["b", "a→b"]])],
      ["b", new Map([["c", "b→c"]])],
      ["c", new Map([["b", "c→b"]])],
    ]);
    expect(cycleIn(rooms)).toEqual(["b→c", "c→b"]);
  });
});
