/** The tables of the bench as text. */

export interface Timing {
  readonly lines: number;
  readonly cold_ms: number;
  readonly warm_ms: number;
}

export interface Growth {
  readonly lines: number;
  /** Warm time over what it would be, had it grown with the lines from the shortest policy on. */
  readonly to_linear: number;
}

export interface Recheck {
  readonly files: number;
  readonly lines: number;
  /** The first edit, and the median of all. */
  readonly first_ms: number;
  readonly median_ms: number;
}

export interface Tables {
  readonly timings: readonly Timing[];
  readonly growth: readonly Growth[];
  readonly recheck: Recheck;
  /** `agentpolicy check` on 10,000 lines, the start of its process included. */
  readonly check_ms: number;
}

export function render({ timings, growth, recheck, check_ms }: Tables): string {
  const rows = timings.map(({ lines, cold_ms, warm_ms }, index) => {
    const cells = [
      `${cold_ms.toFixed(0)} ms`,
      `${warm_ms.toFixed(0)} ms`,
      `${((warm_ms * 1000) / lines).toFixed(0)} µs`,
    ];
    const ratio = `${(growth[index]?.to_linear ?? Number.NaN).toFixed(2)} x`;
    return String(lines).padStart(7) + [...cells, ratio].map((cell) => cell.padStart(14)).join("");
  });
  const head = `  lines${["cold", "warm", "warm, a line", "to linear"].map((cell) => cell.padStart(14)).join("")}`;
  const again = `one file of ${recheck.files} edited (${recheck.lines} lines): ${recheck.median_ms.toFixed(0)} ms, the first time ${recheck.first_ms.toFixed(0)} ms`;
  const whole = `agentpolicy check on 10000 lines, with the start of its process: ${check_ms.toFixed(0)} ms`;
  return `${[head, ...rows, again, whole].join("\n")}\n`;
}
