/** The OWASP Top 10 for Agentic Applications 2026, and what of each no policy can do anything about. */

const RISK_IDS = ["ASI01", "ASI02", "ASI03", "ASI04", "ASI05", "ASI06", "ASI07", "ASI08", "ASI09", "ASI10"] as const;

export type RiskId = (typeof RISK_IDS)[number];

export interface Risk {
  readonly id: RiskId;
  /** As the document of December 2025 heads its section. */
  readonly name: string;
  /** What stays open whatever is written in a policy. */
  readonly beyond: string;
}

/** Source: OWASP GenAI Security Project, "OWASP Top 10 For Agentic Applications 2026". */
export const RISKS: readonly Risk[] = [
  {
    id: "ASI01",
    name: "Agent Goal Hijack",
    beyond: "what the model comes to believe and wants; a policy bounds what it can then do",
  },
  {
    id: "ASI02",
    name: "Tool Misuse and Exploitation",
    beyond: "harm done by calls that are each allowed and within every limit; faults inside a tool",
  },
  {
    id: "ASI03",
    name: "Identity and Privilege Abuse",
    beyond: "a stolen private key or identity provider account; what a tool's own credentials may do",
  },
  {
    id: "ASI04",
    name: "Agentic Supply Chain Vulnerabilities",
    beyond: "the model, the agent's packages and prompts, and what a tool does behind its description",
  },
  {
    id: "ASI05",
    name: "Unexpected Code Execution (RCE)",
    beyond: "what code does once it runs: that needs a sandbox around it",
  },
  {
    id: "ASI06",
    name: "Memory & Context Poisoning",
    beyond: "what stands in the model's memory and retrieval stores, and text that nobody labelled",
  },
  {
    id: "ASI07",
    name: "Insecure Inter-Agent Communication",
    beyond: "what agents say to each other; a policy decides only what they may do and for whom",
  },
  {
    id: "ASI08",
    name: "Cascading Failures",
    beyond: "failures of the systems behind the tools, and wrong results that are passed on as right ones",
  },
  {
    id: "ASI09",
    name: "Human-Agent Trust Exploitation",
    beyond: "a person who approves without reading, and what the agent tells people elsewhere",
  },
  {
    id: "ASI10",
    name: "Rogue Agents",
    beyond: "agents that don't ask: whatever reaches a tool without a permit is not seen here",
  },
];
