/**
 * What OCSF 1.8.0 requires of an event of class API Activity (6003) with the profile Security Control: required
 * attributes, constraints and values of enumerations, taken from the published schema (github.com/ocsf/ocsf-schema,
 * Apache License 2.0: base event, `events/application/api_activity.json`, `profiles/security_control.json`, and the
 * objects that they name).
 */
export interface ObjectRules {
  readonly required?: readonly string[];
  readonly at_least_one?: readonly string[];
  /** Attributes that there are; others aren't the schema's. */
  readonly known: readonly string[];
  readonly enums?: { readonly [name: string]: readonly number[] };
  readonly objects?: { readonly [name: string]: ObjectRules };
}

const ENTITY = ["name", "uid"];
const POLICY: ObjectRules = {
  at_least_one: ENTITY,
  known: ["name", "uid", "version", "desc", "group", "data", "is_applied"],
};
const words = (text: string): readonly string[] => text.split(" ");
const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, at) => at);

export const OCSF_1_8: ObjectRules = {
  required: [
    "activity_id",
    "category_uid",
    "class_uid",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
    "actor",
    "api",
    "src_endpoint",
  ],
  known: [
    ...words("activity_id activity_name category_name category_uid class_name class_uid count duration"),
    ...words("end_time enrichments message metadata observables raw_data raw_data_hash raw_data_size"),
    ...words("severity severity_id start_time status status_code status_detail status_id time"),
    ...words("timezone_offset type_name type_uid unmapped actor api dst_endpoint http_request"),
    ...words("http_response resources src_endpoint action action_id attacks authorizations confidence"),
    ...words("confidence_id confidence_score disposition disposition_id firewall_rule is_alert malware"),
    ...words("policy risk_details risk_level risk_level_id risk_score"),
  ],
  enums: {
    activity_id: [0, 1, 2, 3, 4, 99],
    category_uid: [6],
    class_uid: [6003],
    type_uid: [600300, 600301, 600302, 600303, 600304, 600399],
    severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
    status_id: [0, 1, 2, 99],
    action_id: [0, 1, 2, 3, 4, 99],
    disposition_id: [...upTo(27), 99],
  },
  objects: {
    metadata: {
      required: ["product", "version"],
      known: [
        ...words("correlation_uid event_code extension extensions labels log_level log_name log_provider"),
        ...words("log_version logged_time modified_time original_time processed_time product profiles"),
        ...words("sequence tags tenant_uid uid untruncated_size is_truncated version original_event_uid"),
      ],
      objects: {
        product: {
          at_least_one: ENTITY,
          known: [...ENTITY, "vendor_name", "version", "feature", "lang", "path", "url_string"],
        },
      },
    },
    actor: {
      at_least_one: ["process", "user", "invoked_by", "session", "app_name", "app_uid"],
      known: ["app_name", "app_uid", "authorizations", "idp", "invoked_by", "process", "session", "user"],
      objects: {
        session: {
          known: ["uid", "uid_alt", "created_time", "expiration_time", "issuer", "is_remote", "is_mfa", "count"],
        },
        user: {
          at_least_one: ["account", "name", "uid"],
          known: [...ENTITY, "email_addr", "type_id", "account", "groups"],
        },
      },
    },
    api: {
      required: ["operation"],
      known: ["group", "operation", "request", "response", "service", "token", "version"],
      objects: {
        service: { at_least_one: ENTITY, known: [...ENTITY, "labels", "version"] },
        request: { required: ["uid"], known: ["uid", "flags", "data", "containers"] },
      },
    },
    src_endpoint: {
      at_least_one: [
        "ip",
        "uid",
        "name",
        "hostname",
        "svc_name",
        "instance_uid",
        "interface_uid",
        "interface_name",
        "domain",
      ],
      known: ["ip", "uid", "name", "hostname", "svc_name", "port", "domain"],
    },
    resources: { at_least_one: ENTITY, known: [...ENTITY, "type", "data", "owner", "labels"] },
    policy: POLICY,
    authorizations: { known: ["decision", "policy"], objects: { policy: POLICY } },
  },
};

/** What doesn't fit, each with where. */
export function ocsfFaults(value: unknown, rules: ObjectRules, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, at) => ocsfFaults(item, rules, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const members = new Map<string, unknown>(Object.entries(value));
  const { required = [], at_least_one = [], known, enums = {}, objects = {} } = rules;
  return [
    ...required.filter((name) => members.get(name) === undefined).map((name) => `${path}.${name} is missing`),
    ...(at_least_one.length === 0 || at_least_one.some((name) => members.has(name))
      ? []
      : [`${path} has none of ${at_least_one.join(", ")}`]),
    ...[...members.keys()].filter((name) => !known.includes(name)).map((name) => `${path}.${name} isn't the schema's`),
    ...Object.entries(enums).flatMap(([name, values]) => {
      const given = members.get(name);
      return given === undefined || values.includes(given as number)
        ? []
        : [`${path}.${name} is ${JSON.stringify(given)}`];
    }),
    ...Object.entries(objects).flatMap(([name, inner]) =>
      members.has(name) ? ocsfFaults(members.get(name), inner, `${path}.${name}`) : [],
    ),
    ...siblings(members, path),
  ];
}

/** `type_uid` is the class times 100 and the activity; an id of 99 has its name beside it. */
function siblings(members: ReadonlyMap<string, unknown>, path: string): readonly string[] {
  const [type, klass, activity] = ["type_uid", "class_uid", "activity_id"].map((name) => Number(members.get(name)));
  const wrong =
    members.has("type_uid") && type !== 100 * (klass ?? 0) + (activity ?? 0)
      ? [`${path}.type_uid isn't class and activity`]
      : [];
  const unnamed = (["activity", "disposition", "status"] as const)
    .filter((name) => members.get(`${name}_id`) === 99)
    .filter((name) => typeof members.get(name === "activity" ? "activity_name" : name) !== "string");
  return [...wrong, ...unnamed.map((name) => `${path}.${name}_id is 99 and has no name`)];
}
