import type { Matrix } from "./matrix.ts";

/** The matrix as JSON text, for programs; the shape is {@link Matrix} itself. */
export function matrixJson(matrix: Matrix): string {
  return `${JSON.stringify(matrix, null, 2)}\n`;
}
