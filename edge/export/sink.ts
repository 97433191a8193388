/** Where records are exported to, as the deployment configures it (`docs/export.md`), secrets put in. */

interface Common {
  /** Its cursor and its dead letters are kept under it. */
  readonly name: string;
  /** Whether arguments go out too, which can't be taken back; secrets never do. */
  readonly arguments: boolean;
  /** Records that go out at once, at most. */
  readonly batch: number;
  readonly retry: Retry;
}

export interface Retry {
  /** Tries of one batch before it becomes a dead letter. */
  readonly attempts: number;
  /** Milliseconds: the first pause, which doubles up to the longest. */
  readonly first: number;
  readonly longest: number;
}

export type Sink = Common & (S3Sink | HttpSink | SplunkSink | OtlpSink | WebhookSink);

/** One object a batch in a bucket that speaks S3. */
export interface S3Sink {
  readonly kind: "s3";
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly format: Format;
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

/** `records`: as `audit pull` writes them. `ocsf`: API Activity of OCSF 1.8. One a line in both. */
export type Format = "records" | "ocsf";

export interface HttpSink {
  readonly kind: "http";
  readonly url: string;
  readonly format: Format;
  /** The whole field. */
  readonly authorization: string | null;
}

export interface SplunkSink {
  readonly kind: "splunk";
  /** Without `/services/…`. */
  readonly url: string;
  readonly token: string;
  readonly index: string | null;
  /** Whether to wait until it is indexed; the id of the channel. */
  readonly channel: string | null;
}

export interface OtlpSink {
  readonly kind: "otlp";
  /** Without `/v1/logs`. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

export interface WebhookSink {
  readonly kind: "webhook";
  readonly url: string;
  /** One, or two while it is replaced; each `whsec_` and base64. */
  readonly secrets: readonly string[];
}

export type SinkOf<Kind extends Sink["kind"]> = Extract<Sink, { kind: Kind }>;
