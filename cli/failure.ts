/** How a command ends when it can't do what it was asked: one line to stderr and an exit code, never a stack trace. */

/** 1 findings or a no, 2 wrong usage, 3 environment (files, network, a missing program). */
export type FailureCode = 1 | 2 | 3;

export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: FailureCode;
  /** What to do next; null when the message says it. */
  readonly help: string | null;

  constructor(exitCode: FailureCode, message: string, help: string | null = null) {
    super(message);
    this.exitCode = exitCode;
    this.help = help;
  }
}

/** For what was typed wrongly. */
export function usage(message: string, help: string | null = null): Failure {
  return new Failure(2, message, help);
}

/** For what this machine or network lacks. */
export function environment(message: string, help: string | null = null): Failure {
  return new Failure(3, message, help);
}

/** For a path that somebody typed: one that isn't there was typed wrongly; what else keeps it from being read wasn't. */
export function pathFailure(shown: string, error: unknown, help: string | null = null): Failure {
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return new Failure(missing ? 2 : 3, `${shown} ${fileProblem(error)}`, help);
}

/** `ENOENT` and its kin in words. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "doesn't exist";
    case "EACCES":
    case "EPERM":
      return "may not be read or written by this user";
    case "EISDIR":
      return "is a directory";
    case "ENOTDIR":
      return "goes through something that isn't a directory";
    case "ENOSPC":
      return "doesn't fit on the disk";
    case "EROFS":
      return "is on a read-only file system";
    case "EEXIST":
      return "exists already";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
