/** The one way to the API: typed by the services' OpenAPI, with the session's CSRF token, renewed when it ran out. */
import createClient, { type Middleware } from "openapi-fetch";
import type { components as Compliance, paths as CompliancePaths } from "./schema/compliance";
import type { components as Ideation, paths as IdeationPaths } from "./schema/ideation";
import type { components as Identity, paths as IdentityPaths } from "./schema/identity";
import type { components as Knowledge, paths as KnowledgePaths } from "./schema/knowledge";
import type { components as Orchestrator, paths as OrchestratorPaths } from "./schema/orchestrator";
import type { components as Producer, paths as ProducerPaths } from "./schema/producer";
import type { components as Publisher, paths as PublisherPaths } from "./schema/publisher";

type Paths = OrchestratorPaths & CompliancePaths & IdeationPaths & IdentityPaths & KnowledgePaths & ProducerPaths & PublisherPaths;
export type Runs = Orchestrator["schemas"];
export type Airlock = Compliance["schemas"];
export type Ideas = Ideation["schemas"];
export type People = Identity["schemas"];
export type Library = Knowledge["schemas"];
export type Production = Producer["schemas"];
export type Posts = Publisher["schemas"];

const CSRF_COOKIE = "greenlight_csrf";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** A rule that refused what was written, and what to do about it. */
export interface Fired {
  rule: string;
  message: string;
  remedy: string;
}

/** What the services say when they refuse (RFC 9457), for people to read. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly next: string | null = null,
    readonly requestId: string | null = null,
    readonly kept: string[] = [],
    readonly fired: Fired[] = [],
  ) {
    super(detail);
  }
}

export const csrfToken = (cookies = document.cookie): string =>
  cookies
    .split("; ")
    .find((one) => one.startsWith(`${CSRF_COOKIE}=`))
    ?.slice(CSRF_COOKIE.length + 1) ?? "";

let renewing: Promise<boolean> | null = null;

/** Ask for a fresh token, once for all who want one. → whether somebody is signed in. Rejects when nobody can say so now. */
export function renew(): Promise<boolean> {
  renewing ??= fetch("/v1/sessions/renew", { method: "POST", headers: { "X-CSRF-Token": csrfToken() } })
    .then((answer) => {
      if (answer.status >= 500) throw new Error(`Renewing the session: ${answer.status}`);
      return answer.ok;
    })
    .finally(() => {
      renewing = null;
    });
  return renewing;
}

const session: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRF-Token", csrfToken());
    return request;
  },
};

/** `fetch` that renews a session whose token ran out, and then asks once more. */
async function patient(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await fetch(request);
  if (answer.status !== 401 || request.url.includes("/v1/sessions") || !csrfToken()) return answer;
  if (!(await renew())) return answer;
  const retried = new Request(again, { headers: new Headers(again.headers) });
  if (!SAFE.has(retried.method)) retried.headers.set("X-CSRF-Token", csrfToken());
  return fetch(retried);
}

export const api = createClient<Paths>({ baseUrl: globalThis.location?.origin ?? "/", fetch: patient });
api.use(session);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Throws `Refused`, also where nobody answered at all. */
export async function got<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch {
    throw new Refused(0, "unreachable", "Greenlight does not answer. Your work is safe; runs go on by themselves.");
  }
  if (answer.response.ok) return answer.data as T;
  throw refusedBy(answer.response.status, answer.error);
}

export function refusedBy(status: number, body: unknown): Refused {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const detail = typeof problem.detail === "string" ? problem.detail : `The service answered ${status}.`;
  return new Refused(
    status,
    typeof problem.error === "string" ? problem.error : "refused",
    detail,
    typeof problem.next_action === "string" ? problem.next_action : null,
    typeof problem.request_id === "string" ? problem.request_id : null,
    Array.isArray(problem.kept) ? problem.kept.map(String) : [],
    firedIn(problem),
  );
}

/** Findings where the service gives them, else the names of its rules alone. */
function firedIn(problem: Record<string, unknown>): Fired[] {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const said = (value: unknown): string => (typeof value === "string" ? value : "");
  const findings = list(problem.findings).filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null);
  if (findings.length) return findings.map((one) => ({ rule: said(one.rule), message: said(one.message), remedy: said(one.remedy) }));
  return list(problem.rules).map((rule) => ({ rule: said(rule), message: "", remedy: "" }));
}

/** A key for writes that must not happen twice. */
export const onceKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
export const fileUrl = (sha256: string): string => `/v1/artifacts/${sha256}`;
