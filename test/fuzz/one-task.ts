/** One task of the fuzzer, in a process whose memory is bounded: many random inputs of a kind, or one hard input. */
import { hardInputs } from "./hard-inputs.ts";
import { hold } from "./hold.ts";
import { randomFrom } from "./random.ts";
import { randomInputs } from "./random-inputs.ts";

const [what, kind = "", ...more] = process.argv.slice(2);
if (what === "hard") hard(kind, more[0] ?? "", Number(more[1]));
else random(kind, Number(more[0]), Number(more[1]), Number(more[2]));

function hard(group: string, name: string, size: number): void {
  const make = hardInputs[group]?.[name];
  if (make === undefined) throw new Error(`there is no hard input ${group}, ${name}`);
  const text = make(size);
  const start = performance.now();
  const { findings } = hold(text);
  const took = Math.round(performance.now() - start);
  tell(`${group}: ${name}, ${text.length} characters: ${findings} findings in ${took} ms, ${peak()} MB at most`);
}

/** Until so many were tried, and where seconds are given until they are over. */
function random(name: string, seed: number, runs: number, seconds: number): void {
  const make = randomInputs[name];
  if (make === undefined) throw new Error(`there is no kind ${name}`);
  const start = performance.now();
  const goesOn = (tried: number): boolean => (seconds > 0 ? performance.now() - start < seconds * 1_000 : tried < runs);
  let [tried, sound, slowest] = [0, 0, 0];
  for (; goesOn(tried); tried++) {
    const from = performance.now();
    if (tryOne(() => make(randomFrom(seed + tried)), `${name} ${seed + tried}`)) sound++;
    slowest = Math.max(slowest, performance.now() - from);
  }
  tell(
    `${name}: ${tried} inputs, ${sound} without an error, the slowest in ${Math.round(slowest)} ms, ${peak()} MB at most`,
  );
}

/** Whether the input compiles; ends the task with the input's name where something doesn't hold of it. */
function tryOne(make: () => string, name: string): boolean {
  try {
    return hold(make()).sound;
  } catch (error) {
    throw new Error(`input ${name}`, { cause: error });
  }
}

/** Of the whole process, code and buffers included, which its heap's bound doesn't count. */
function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_000);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
