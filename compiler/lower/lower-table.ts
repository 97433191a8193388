/** Sixth stage: the table. Sorted all through, so that the order of files and declarations leaves no trace. */
import type { Source } from "../../dsl/index.ts";
import { type Places, TABLE_FORMAT, type Table, type TableBody } from "../../engine/index.ts";
import { sha256OfJson } from "../hash.ts";
import type { Placed, Program } from "../program.ts";
import { compareText } from "../sorted-set.ts";
import { lowerBlock, type LoweredBlock } from "./lower-block.ts";
import { needsOf } from "./needs-of.ts";
import { lowerPlaces } from "./places.ts";

/** The table of a program without errors. */
export function lowerTable(program: Program, sources: readonly Source[]): Table {
  const { blocks, body } = lowered(program);
  const places = lowerPlaces(program, blocks, sources);
  return {
    format: TABLE_FORMAT,
    hash: hashOf(body),
    body,
    places_hash: hashOf(places),
    places,
  };
}

/** The same to look at, without hashes and places: it is no table that anybody could read back. */
export function draftTable(program: Program): Table {
  return { format: TABLE_FORMAT, hash: "", body: lowered(program).body, places_hash: "", places: NOWHERE };
}

const NOWHERE: Places = { files: [], rules: [], declarations: [] };

interface Lowered {
  readonly blocks: readonly LoweredBlock[];
  readonly body: TableBody;
}

/** Checks look at it before it becomes the table. */
const known = new WeakMap<Program, Lowered>();

function lowered(program: Program): Lowered {
  const found = known.get(program);
  if (found !== undefined) return found;
  const blocks = program.blocks.map(lowerBlock).toSorted((a, b) => compareText(blockKey(a), blockKey(b)));
  const made = { blocks, body: lowerBody(program, blocks) };
  known.set(program, made);
  return made;
}

function lowerBody(program: Program, blocks: readonly LoweredBlock[]): TableBody {
  const body = {
    name: program.name,
    settings: program.settings,
    labels: rowsOf(program.labels),
    sets: rowsOf(program.sets),
    live_sets: rowsOf(program.liveSets),
    schedules: rowsOf(program.schedules),
    groups: rowsOf(program.groups),
    channels: rowsOf(program.channels),
    approvals: rowsOf(program.approvals),
    classes: program.classes,
    servers: rowsOf(program.servers),
    actions: rowsOf(program.actions),
    blocks: blocks.map(({ block }) => block),
    agents: rowsOf(program.agents),
    gateways: rowsOf(program.gateways),
    canaries: rowsOf(program.canaries),
    breakers: rowsOf(program.breakers),
  };
  return { ...body, needs: needsOf(body) };
}

function rowsOf<Row extends { readonly name: string }>(placed: readonly Placed<Row>[]): readonly Row[] {
  return placed.map(({ row }) => row).toSorted((a, b) => compareText(a.name, b.name));
}

function blockKey({ block }: LoweredBlock): string {
  return `${block.kind} ${block.name}`;
}

function hashOf(part: object): string {
  return `sha256:${sha256OfJson(part)}`;
}

/** The table as compact JSON: the same policy gives the same bytes. */
export function serializeTable(table: Table): string {
  return JSON.stringify(table);
}
