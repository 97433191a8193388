/** What `agentpolicy import` is told beside the source. */
export interface ImportOptions {
  readonly out?: string;
  readonly check?: true;
  readonly prefix?: string;
}

/** Of a catalogue of MCP tools; each `header` is `Name: value`. */
export interface McpOptions extends ImportOptions {
  readonly server?: string;
  readonly url?: string;
  readonly tools?: string;
  readonly only?: string;
  readonly header?: readonly string[];
}
