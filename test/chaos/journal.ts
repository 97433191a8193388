/** What the clients saw, and nothing else. Times are UTC milliseconds of this machine, as the edge's are. */

export interface Asked {
  readonly session: string;
  readonly request_id: string;
  readonly action: string;
  /** The approval that it wanted to use. */
  readonly approval: string | null;
  /** When it was sent for the first time: an answer may be that of an earlier try. */
  readonly sent: number;
  readonly received: number;
  readonly decision: string;
  readonly decision_id: string;
  readonly reason: string;
}

export interface Kill {
  readonly scope: "fleet" | "agent" | "session";
  readonly name: string;
  readonly acknowledged: number;
  readonly pending: number;
  /** When lifting it was first asked for. */
  lifted: number;
}

export interface Journal {
  readonly asked: Asked[];
  readonly kills: Kill[];
  /** Sessions that were opened, by id. */
  readonly sessions: Map<string, string>;
  /** Calls that got no answer, or that of an edge that can't. */
  unanswered: number;
  /** Answers that no call may get. */
  readonly odd: string[];
}

export function newJournal(): Journal {
  return { asked: [], kills: [], sessions: new Map(), unanswered: 0, odd: [] };
}
