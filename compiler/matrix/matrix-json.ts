/** The matrix as JSON text, for programs; the shape is `Matrix` itself. */
import type { Matrix } from "./matrix.ts";

export function matrixJson(matrix: Matrix): string {
  return `${JSON.stringify(matrix, null, 2)}\n`;
}
