/** `did you mean …`, for names that a person typed. */
export { didYouMean as nearest } from "../compiler/index.ts";
