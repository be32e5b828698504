/**
 * Reads what Local Medical Committees (LMCs) say, from a node of the federation.
 *
 * It knows the services that anybody may read, their messages and errors. What the answers mean stands with the
 * messages, and the rules behind them in docs/domain.md; whatever is to be shown comes as plain words, ready to show.
 *
 * @packageDocumentation
 */
import { type CallOptions, type Client, Code, ConnectError, type Transport, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import type { MessageInitShape } from "@bufbuild/protobuf";

import { BadRequestSchema, ErrorInfoSchema, HelpSchema } from "./gen/google/rpc/error_details_pb.js";
import {
  type CursorSchema,
  GuidanceService,
  NationalService,
  NodeService,
  RegisterService,
  type SelectorSchema,
  type WatchViewResponse,
} from "./messages.js";

export * from "./messages.js";
export { create, fromJson, toJson } from "@bufbuild/protobuf";
export type { MessageInitShape } from "@bufbuild/protobuf";
export { type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
export { Code, type CallOptions } from "@connectrpc/connect";

/** A node, and the services that anybody may read. Each call takes its request as a plain object. */
export interface LmcNode {
  /** Matters, views, practices' pages, letters and their proofs, search, votes, what changed. */
  readonly guidance: Client<typeof GuidanceService>;
  /** Who says what, counted. */
  readonly national: Client<typeof NationalService>;
  /** Offices, committees, areas and practices. */
  readonly register: Client<typeof RegisterService>;
  /** How the node itself is. */
  readonly node: Client<typeof NodeService>;
}

/** What may be set of how a node is asked. */
export interface ConnectOptions {
  /** How long a call may take, in milliseconds, where it says nothing itself. Default: 10,000. Streams have no limit. */
  timeoutMs?: number;
  /** What requests are made with, in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/**
 * Asks the node at an address, over `fetch`: in a browser, in Node.js, wherever there is one. Nothing is asked yet.
 *
 * @param url - Where its HTTP is (`lmcnode serve --web`): `http://localhost:8080`, or a name that a proxy has for it.
 * @example What a practice's own LMC says on a matter:
 * ```ts
 * import { connect } from "lmcfed-client";
 *
 * const lmc = connect("http://localhost:8080");
 * const { view } = await lmc.guidance.getCombinedView({
 *   selector: { matter: "access-plan-2021", practice: "X10001" },
 * });
 * for (const { own, headline } of view?.committees ?? []) {
 *   if (own) console.log(headline?.words);
 * }
 * ```
 */
export function connect(url: string | URL, options: ConnectOptions = {}): LmcNode {
  const at = new URL(url);
  if (at.protocol !== "http:" && at.protocol !== "https:") {
    throw new TypeError(`"${url}" is no address of a node over HTTP: write it in full, as http://localhost:8080`);
  }
  const baseUrl = at.href.replace(/\/$/, "");
  const fetch = options.fetch ?? globalThis.fetch;
  return connectOver(
    createConnectTransport({
      baseUrl,
      useBinaryFormat: true, // in JSON, a value of an enum that is newer than this client would be lost
      fetch: async (...request) => heardOut(await fetch(...request)),
    }),
    baseUrl,
    options,
  );
}

/**
 * Asks a node over a transport of Connect's that is there already. {@link connect} makes one itself.
 *
 * @param transport - The transport.
 * @param where - What errors call the node's place.
 * @example JSON that can be read under way, to look for a fault:
 * ```ts
 * import { createConnectTransport } from "@connectrpc/connect-web";
 * import { connectOver } from "lmcfed-client";
 *
 * const lmc = connectOver(createConnectTransport({ baseUrl: "http://localhost:8080" }), "my machine");
 * console.log((await lmc.node.getStatus({})).version);
 * ```
 */
export function connectOver(transport: Transport, where: string, options: Pick<ConnectOptions, "timeoutMs"> = {}): LmcNode {
  const { timeoutMs = 10_000 } = options;
  const explained: Transport = {
    async unary(method, signal, timeout, ...rest) {
      try {
        return await transport.unary(method, signal, timeout ?? timeoutMs, ...rest);
      } catch (err) {
        throw explain(err, where);
      }
    },
    async stream(...call) {
      try {
        const response = await transport.stream(...call);
        return { ...response, message: explainedStream(response.message, where) };
      } catch (err) {
        throw explain(err, where);
      }
    },
  };
  return {
    guidance: createClient(GuidanceService, explained),
    national: createClient(NationalService, explained),
    register: createClient(RegisterService, explained),
    node: createClient(NodeService, explained),
  };
}

async function* explainedStream<M>(messages: AsyncIterable<M>, where: string): AsyncGenerator<M> {
  try {
    yield* messages;
  } catch (err) {
    throw explain(err, where);
  }
}

/**
 * Why a call failed, of {@link LmcError.reason}. Newer nodes may have others: decide by those you know, and by
 * {@link LmcError.code} where you know none.
 */
export type Reason =
  | "TOO_LARGE"
  | "FUTURE_DAY"
  | "INVALID"
  | "UNKNOWN_MATTER"
  | "UNKNOWN_MEASURE"
  | "UNKNOWN_SCOPE"
  | "UNKNOWN_COMMITTEE"
  | "UNKNOWN_PRACTICE"
  | "UNKNOWN_AREA"
  | "UNKNOWN_OFFICE"
  | "UNKNOWN_ENTRY"
  | "NOT_FOUND"
  | "CONTRADICTS"
  | "DUPLICATE_REQUEST"
  | "MOVED"
  | "ABSENT"
  | "NOT_AUTHENTICATED"
  | "NOT_ENTITLED"
  | "NOT_KEEPER"
  | "NOT_JOINED"
  | "RECOVERING"
  | "DISK_FULL"
  | "READ_ONLY"
  | "BUSY"
  | "STOPPING"
  | "UNAVAILABLE"
  | "UNSUPPORTED"
  | "INTERNAL"
  | (string & {});

/** One field of a request that is wrong. */
export interface Violation {
  /** Its path in the request; empty: the whole. */
  field: string;
  /** What is wrong with it, in plain words. */
  description: string;
}

/**
 * What every call of this client fails with: the node's own refusal, or that it was not reached. `message` is in plain
 * words, without a full stop, and may be shown.
 *
 * @example Telling a matter that nobody knows from a node that is away:
 * ```ts
 * import { LmcError, connect } from "lmcfed-client";
 *
 * const lmc = connect("http://localhost:8080");
 * try {
 *   await lmc.guidance.getMatter({ name: "acess-plan-2021" });
 * } catch (err) {
 *   if (!(err instanceof LmcError)) throw err;
 *   console.log(`${err.message}. ${err.hint}`);
 *   for (const { field, description } of err.violations) console.log(`${field}: ${description}`);
 *   if (err.reason === "UNAVAILABLE") console.log("trying again in a minute");
 * }
 * ```
 */
export class LmcError extends Error {
  override readonly name = "LmcError";
  /** The code of gRPC: `Code.NotFound`. */
  readonly code: Code;
  /** What to decide by; empty: none was given, as where the caller gave up. */
  readonly reason: Reason;
  /** What to do about it, in one line; empty: nothing is known. */
  readonly hint: string;
  /** What is wrong with the request, field by field. */
  readonly violations: readonly Violation[];

  constructor(message: string, of: { code: Code; reason?: Reason; hint?: string; violations?: readonly Violation[]; cause?: unknown }) {
    super(message, { cause: of.cause });
    this.code = of.code;
    this.reason = of.reason ?? "";
    this.hint = of.hint ?? "";
    this.violations = of.violations ?? [];
  }
}

function explain(err: unknown, where: string): LmcError {
  if (err instanceof LmcError) return err;
  const cause = ConnectError.from(err);
  const { code, rawMessage } = cause;
  const info = cause.findDetails(ErrorInfoSchema).find(({ domain }) => domain === "lmcfed");
  if (info) {
    return new LmcError(rawMessage, {
      code,
      reason: info.reason,
      hint: cause.findDetails(HelpSchema)[0]?.links[0]?.description ?? "",
      violations: cause.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations.map(({ field, description }) => ({ field, description }))),
      cause,
    });
  }
  switch (code) {
    case Code.Canceled:
      return new LmcError("the call was given up", { code, cause });
    case Code.DeadlineExceeded:
      return new LmcError(`the node at ${where} did not answer in time`, {
        code,
        hint: "try again; if it stays so, ask whoever runs the node",
        cause,
      });
    case Code.Unavailable:
      return unavailable(`no node answers at ${where}: ${rawMessage}`, cause);
  }
  if (code === Code.Unimplemented || /^(HTTP \d|unsupported content type)/.test(rawMessage)) {
    return new LmcError(`what answers at ${where} does not offer this (${rawMessage})`, {
      code: Code.Unimplemented,
      reason: "UNSUPPORTED",
      hint: "check the address; or the node's software is older than this client",
      cause,
    });
  }
  if (!cause.isWireError && cause.cause !== undefined) { // fetch failed, or an answer was cut short
    return unavailable(`no node answers at ${where}, or the connection broke: ${innermost(cause.cause)}`, cause);
  }
  return new LmcError(rawMessage, { code, cause });
}

function unavailable(message: string, cause?: unknown): LmcError {
  return new LmcError(message, {
    code: Code.Unavailable,
    reason: "UNAVAILABLE",
    hint: "try again in a minute: the node may be starting again; if it stays so, check the address, and that the node runs",
    cause,
  });
}

/** What the network said stands within what fetch says ("fetch failed"). */
function innermost(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof AggregateError && cause.errors.length > 0) return innermost(cause.errors[0]);
  return cause.cause === undefined ? cause.message : innermost(cause.cause);
}

/** A node that is not asked by its name says so in words, which Connect does not read. */
async function heardOut(response: Response): Promise<Response> {
  if (response.status !== 421) return response;
  throw new ConnectError((await response.text()).trim().replace(/\.$/, ""), Code.FailedPrecondition);
}

/**
 * Follows a list page by page: every method whose request has a `pageToken`. What a list is of stands with its
 * response: of some, all but the list is on the first page alone.
 *
 * A token holds the moment of the first page, so that nothing moves between pages, but of a search.
 *
 * @param method - The call: `lmc.guidance.listEntries`.
 * @param request - Its request; `pageSize` is how many a page has at most.
 * @example Every practice the register has:
 * ```ts
 * import { connect, pages } from "lmcfed-client";
 *
 * const lmc = connect("http://localhost:8080");
 * for await (const { practices, total } of pages(lmc.register.listPractices, { pageSize: 1000 })) {
 *   console.log(`${practices.length} of ${total}`);
 * }
 * ```
 */
export async function* pages<Request extends { pageToken?: string }, Page extends { nextPageToken: string }>(
  method: (request: Request, options?: CallOptions) => Promise<Page>,
  request: Request,
  options?: CallOptions,
): AsyncGenerator<Page, void, undefined> {
  for (let token = request.pageToken ?? ""; ; ) {
    const page = await method({ ...request, pageToken: token }, options);
    yield page;
    if (page.nextPageToken === "") return;
    token = page.nextPageToken;
  }
}

/**
 * Follows a list item by item; the next page is asked for when it is come to.
 *
 * @param method - The call: `lmc.guidance.listEntries`.
 * @param request - Its request.
 * @param of - Which part of a page the list is.
 * @example The letters of an office, newest first:
 * ```ts
 * import { EntryKind, connect, items } from "lmcfed-client";
 *
 * const lmc = connect("http://localhost:8080");
 * const letters = { office: "essex", kinds: [EntryKind.ADVISORY] };
 * for await (const entry of items(lmc.guidance.listEntries, letters, (page) => page.entries)) {
 *   if (entry.content.case === "advisory") console.log(entry.name, entry.content.value.title);
 * }
 * ```
 */
export async function* items<Request extends { pageToken?: string }, Page extends { nextPageToken: string }, Item>(
  method: (request: Request, options?: CallOptions) => Promise<Page>,
  request: Request,
  of: (page: Page) => Iterable<Item>,
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(method, request, options)) yield* of(page);
}

/** What may be set of a watch. */
export interface WatchOptions {
  /** Ends the watch, which then is over without an error. */
  signal?: AbortSignal;
  /** Where to go on: the cursor of the last message that was taken. Absent: from now, after a reset with the view. */
  cursor?: MessageInitShape<typeof CursorSchema>;
  /** Is told when the connection is lost, why, and in how many milliseconds it is tried again. */
  onPause?: (why: LmcError, waitMs: number) => void;
}

const firstPauseMs = 100;
const lastPauseMs = 30_000;

/** A node says every 30 s how far it is; one that says nothing for so long is gone, without a word. */
const silentMs = 90_000;

/**
 * Follows the combined view of a matter. Each message comes once, in the node's order: a `reset` with the view to start
 * from, each `change`, and every half minute `progress`. When the connection or the node goes, the watch goes on from
 * the message that was taken last: one counts as taken when the next is asked for. A node that does not know that place
 * any more, as another one, answers with a `reset`.
 *
 * It ends without an error where its signal says so, and by an error before its first message or where trying again
 * mends nothing. Of one machine, a browser has about six connections at a time: each watch holds one.
 *
 * @param node - The node.
 * @param selector - Which view; `asOf`, `knownAt` and `onDay` must not be set.
 * @example Following what is said on a matter, and going on tomorrow where this ended:
 * ```ts
 * import { CursorSchema, connect, fromJson, toJson, watchView } from "lmcfed-client";
 *
 * const lmc = connect("http://localhost:8080");
 * let saved = ""; // from where you keep such things
 * const stop = new AbortController();
 * setTimeout(() => stop.abort(), 1000);
 * const options = { signal: stop.signal, ...(saved && { cursor: fromJson(CursorSchema, JSON.parse(saved)) }) };
 * for await (const { event, cursor } of watchView(lmc, { matter: "access-plan-2021" }, options)) {
 *   if (event.case === "reset") console.log(event.value.view?.committees.length, "committees to start from");
 *   if (event.case === "change") for (const line of event.value.lines) console.log(line.committee, line.words);
 *   if (cursor) saved = JSON.stringify(toJson(CursorSchema, cursor));
 * }
 * ```
 */
export async function* watchView(
  node: Pick<LmcNode, "guidance">,
  selector: MessageInitShape<typeof SelectorSchema>,
  options: WatchOptions = {},
): AsyncGenerator<WatchViewResponse, void, undefined> {
  const { signal, onPause } = options;
  let { cursor } = options;
  let heard = false;
  for (let attempt = 1; !signal?.aborted; attempt++) {
    const call = linked(signal);
    let silent = false;
    let why: LmcError;
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      watchdog = setTimeout(() => {
        silent = true;
        call.end();
      }, silentMs);
    };
    try {
      listen();
      for await (const message of node.guidance.watchView({ selector, ...(cursor && { cursor }) }, { signal: call.signal, timeoutMs: 0 })) {
        clearTimeout(watchdog);
        [heard, attempt] = [true, 1];
        if (signal?.aborted) return;
        yield message;
        cursor = message.cursor ?? cursor;
        listen();
      }
      why = unavailable("the node ended the watch");
    } catch (err) {
      why = silent ? unavailable(`the node said nothing for ${silentMs / 1000} s`, err) : (err as LmcError);
    } finally {
      clearTimeout(watchdog);
      call.end();
    }
    if (signal?.aborted) return;
    if (!heard || !passes(why)) throw why;
    // A fifth at most is taken off, so that the watchers of a node that starts again do not all come at once.
    const waitMs = Math.round(Math.min(lastPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (1 - Math.random() / 5));
    onPause?.(why, waitMs);
    await sleep(waitMs, signal);
  }
}

/** A signal that follows another, and can be ended by itself. */
function linked(signal: AbortSignal | undefined): { signal: AbortSignal; end: () => void } {
  const own = new AbortController();
  const follow = () => own.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener("abort", follow);
  return {
    signal: own.signal,
    end: () => {
      signal?.removeEventListener("abort", follow);
      own.abort();
    },
  };
}

/** Whether trying again may mend it. A watch that the node gave up is one of a node that stops. */
function passes({ code, reason }: LmcError): boolean {
  return code === Code.Canceled || code === Code.DeadlineExceeded || reason === "UNAVAILABLE" || reason === "STOPPING" || reason === "BUSY";
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    signal?.addEventListener("abort", done);
  });
}
