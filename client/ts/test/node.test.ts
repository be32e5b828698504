// The client against the demo's nodes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  Audience,
  Code,
  CursorSchema,
  EntryKind,
  LmcError,
  type LmcNode,
  Stance,
  Unit,
  type ViewChange,
  type WatchViewResponse,
  connect,
  fromJson,
  items,
  pages,
  toJson,
  watchView,
} from "lmcfed-client";
import { connectGrpc } from "lmcfed-client/node";

import { Demo, root } from "./demo.js";

const matter = "access-plan-2021";

/** In the code, and in docs/clients.md. */
const examplesExpected = 8;

let demo: Demo;
let lmc: LmcNode;

before(async () => {
  demo = new Demo();
  await demo.start();
  lmc = connect(demo.url);
});
after(() => demo.close());

async function failure(call: Promise<unknown>): Promise<LmcError> {
  try {
    await call;
  } catch (err) {
    assert(err instanceof LmcError, `${err}`);
    return err;
  }
  assert.fail("it did not fail");
}

test("a practice's page: whose it is, and what they say", async () => {
  const page = await lmc.guidance.getPracticePage({ practice: "x1 0001" });
  assert.equal(page.practice, "X10001");
  assert.deepEqual(page.committees.map(({ committee }) => committee?.name), ["Cambridgeshire LMC"]);
  assert.equal(page.committees[0]?.contact?.email, "cambridgeshire@example.org");
  const names = [...page.matters.map((view) => view.matter?.name), ...page.others.map(({ name }) => name)];
  assert(names.includes("gpc-england/collective-action-2026"), `${names}`);
});

test("a view, of a day, for a practice", async () => {
  const { view } = await lmc.guidance.getCombinedView({ selector: { matter, practice: "X10001", asOf: "2021-10-28" } });
  assert.equal(view?.asOf, "2021-10-28");
  const own = view.committees.filter(({ own }) => own);
  assert.deepEqual(own.map(({ headline }) => headline?.committee), ["cambridgeshire"]);
  assert.equal(own[0]?.headline?.current?.position?.stance, Stance.ADVISE_AGAINST);
  assert.match(own[0]?.headline?.words ?? "", /^Cambridgeshire LMC advises against, for now/);
  assert.equal(typeof view.knownAtFeed, "bigint");
});

test("letters, page by page and one by one, and a letter's proof and what becomes of a copy", async () => {
  const request = { kinds: [EntryKind.ADVISORY] };
  const all = await lmc.guidance.listEntries(request);
  assert.equal(all.nextPageToken, "");
  const names = all.entries.map(({ name }) => name);
  assert(names.length > 10);

  const byPage: string[][] = [];
  for await (const page of pages(lmc.guidance.listEntries, { ...request, pageSize: 7 })) byPage.push(page.entries.map(({ name }) => name));
  assert.deepEqual(byPage.flat(), names);
  assert.equal(byPage.length, Math.ceil(names.length / 7));

  const byItem: string[] = [];
  for await (const entry of items(lmc.guidance.listEntries, { ...request, pageSize: 5 }, (page) => page.entries)) {
    byItem.push(entry.name);
    if (byItem.length === 8) break;
  }
  assert.deepEqual(byItem, names.slice(0, 8));

  const { entry, body } = await lmc.guidance.getEntry({ name: "essex/0" });
  assert.equal(entry?.content.case, "advisory");
  assert.equal(entry.content.value.title, "Do not take part in the NHS England access plan");
  const proof = await lmc.guidance.getProof({ name: "essex/0" });
  assert.match(new TextDecoder().decode(proof.proof), /^c2sp\.org\/tlog-proof@v1\n/);
  assert.deepEqual(proof.body, body);

  const genuine = await lmc.guidance.verify({ body });
  assert.equal(genuine.genuine, true);
  assert.equal(genuine.entry?.name, "essex/0");
  const changed = body.slice();
  changed[100]! ^= 1;
  assert.equal((await lmc.guidance.verify({ body: changed })).genuine, false);
});

test("lists of the other services", async () => {
  let practices = 0;
  for await (const page of pages(lmc.register.listPractices, { pageSize: 100 })) practices += page.practices.length;
  assert.equal(practices, (await lmc.register.listPractices({ pageSize: 1 })).total);
  const areas: string[] = [];
  for await (const area of items(lmc.register.getRegister, { pageSize: 20 }, (page) => page.areas)) areas.push(area.id?.code ?? "");
  assert(areas.length > 20);
  const votes: string[] = [];
  for await (const vote of items(lmc.guidance.listVotes, {}, (page) => page.votes)) votes.push(vote.words);
  assert(votes.length > 0);
});

test("search, and the national picture", async () => {
  const { hits, found } = await lmc.guidance.search({ query: "template reply to ICB" });
  assert(found >= hits.length && hits.length > 0);
  assert(hits[0]?.fragments.some(({ pieces }) => pieces.some(({ matched }) => matched)));

  const { picture } = await lmc.national.getNationalPicture({
    selector: { matter, asOf: "2021-11-01", audience: Audience.PRACTICES },
    unit: Unit.COMMITTEES,
  });
  const table = picture?.tables[0];
  assert.equal(table?.columns.find(({ stance }) => stance === Stance.REFUSE)?.count, 7);
  assert.equal(table.columns.reduce((sum, { count }) => sum + count, 0), table.denominator);
});

test("a saved picture comes as a stream, and may be left", async () => {
  let parts = 0;
  for await (const { part } of lmc.national.saveNationalPicture({ selector: { matter } })) {
    assert(part);
    if (++parts === 2) break;
  }
  assert.equal(parts, 2);
});

test("an error has the node's words, a reason, a hint and what is wrong where", async () => {
  const unknown = await failure(lmc.guidance.getMatter({ name: "acess-plan" }));
  assert.deepEqual([unknown.code, unknown.reason], [Code.NotFound, "UNKNOWN_MATTER"]);
  assert.match(unknown.message, /^matter "acess-plan" is not known here/);
  assert.match(unknown.hint, /access-plan-2021/);
  assert.deepEqual(unknown.violations, []);

  const invalid = await failure(lmc.guidance.listEntries({ pageSize: -3 }));
  assert.deepEqual([invalid.code, invalid.reason], [Code.InvalidArgument, "INVALID"]);
  assert.deepEqual(invalid.violations, [{ field: "page_size", description: "negative" }]);
  assert.match(invalid.hint, /1000/);

  const ofWatch = await failure((async () => {
    for await (const _ of watchView(lmc, { matter: "acess-plan" })) assert.fail("it is watched");
  })());
  assert.equal(ofWatch.reason, "UNKNOWN_MATTER");
});

test("bad input is refused, by the client or by the node, and always by name", async () => {
  assert.equal((await failure(lmc.guidance.getCombinedView({}))).reason, "UNKNOWN_MATTER");
  assert.equal((await failure(lmc.guidance.getEntry({ name: "../7" }))).reason, "INVALID");
  assert.equal((await failure(lmc.guidance.getEntry({ name: "essex/700" }))).reason, "UNKNOWN_ENTRY");
  assert.equal((await failure(lmc.guidance.getCombinedView({ selector: { matter, asOf: "25/10/2021" } }))).reason, "INVALID");
  assert.equal((await failure(lmc.guidance.listEntries({ pageToken: "made up" }))).reason, "INVALID");
  assert.equal((await failure(lmc.guidance.verify({ body: new Uint8Array(100_000) }))).reason, "TOO_LARGE");
  assert.equal((await failure(lmc.guidance.getCombinedView({ selector: { matter, audience: 99 as Audience } }))).reason, "INVALID");
  // Messages that cannot be made do not go out.
  assert.match((await failure(lmc.guidance.listMatters({ pageSize: 1e12 }))).message, /page_?[sS]ize/);
  assert.throws(() => connect("localhost:8080"), /write it in full, as http:\/\/localhost:8080/);
  assert.throws(() => connect("somewhere"), TypeError);
});

test("what is no node, or not asked by its name, is told from a node that is away", async () => {
  const elsewhere = await failure(connect(`${demo.url}/elsewhere`).guidance.listMatters({}));
  assert.deepEqual([elsewhere.code, elsewhere.reason], [Code.Unimplemented, "UNSUPPORTED"]);

  const { port } = new URL(demo.url);
  const byOtherName = connect(demo.url, {
    // What a browser sends where another site's name leads here.
    fetch: (async (_input: unknown, init: RequestInit) => {
      const { request } = await import("node:http");
      return new Promise<Response>((resolve, reject) => {
        request({ port, host: "localhost", method: "POST", path: "/lmc.node.v1.GuidanceService/ListMatters", headers: { ...Object.fromEntries(new Headers(init.headers)), host: "example.org" } }, (answer) => {
          let text = "";
          answer.on("data", (part) => (text += part));
          answer.on("end", () => resolve(new Response(text, { status: answer.statusCode ?? 0 })));
        }).on("error", reject).end();
      });
    }) as typeof fetch,
  });
  const misdirected = await failure(byOtherName.guidance.listMatters({}));
  assert.equal(misdirected.code, Code.FailedPrecondition);
  assert.match(misdirected.message, /not asked by the name "example.org".*--web-host/);

  const server = await listening((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Hello"));
  assert.equal((await failure(connect(server.url).guidance.listMatters({}))).reason, "UNSUPPORTED");
  server.close();
  const gone = await failure(connect(server.url).guidance.listMatters({}));
  assert.deepEqual([gone.code, gone.reason], [Code.Unavailable, "UNAVAILABLE"]);
  assert.match(gone.message, /ECONNREFUSED/);

  const proxy = await listening((_request, response) => response.writeHead(503).end("no upstream"));
  assert.equal((await failure(connect(proxy.url).guidance.listMatters({}))).reason, "UNAVAILABLE");
  proxy.close();
});

test("a call that takes too long, or is given up, says so", async () => {
  const server = await listening(() => {}); // and never answers
  const late = await failure(connect(server.url, { timeoutMs: 50 }).guidance.listMatters({}));
  assert.equal(late.code, Code.DeadlineExceeded);
  assert.match(late.message, /did not answer in time/);
  const stop = new AbortController();
  const call = failure(connect(server.url).guidance.listMatters({}, { signal: stop.signal }));
  stop.abort();
  assert.equal((await call).code, Code.Canceled);
  server.close();
});

test("a stream that its reader leaves is ended at the node, too", async () => {
  const left: string[] = [];
  const server = await listening((request, response) => {
    response.on("close", () => left.push(request.url ?? ""));
    response.writeHead(200, { "content-type": "application/connect+proto" });
    for (let i = 0; i < 3; i++) response.write(new Uint8Array(5)); // an empty message
  });
  const away = connect(server.url);
  for await (const _ of watchView(away, { matter })) break;
  for await (const _ of away.guidance.watchView({})) break;
  for await (const _ of away.national.saveNationalPicture({})) break;
  for (let waited = 0; left.length < 3 && waited < 5000; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  server.close();
  assert.deepEqual(left.map((url) => url.split("/")[2]), ["WatchView", "WatchView", "SaveNationalPicture"]);
});

test("over gRPC it answers the same, and nobody else's certificate is taken", async () => {
  const { address, certificate } = demo.grpc("essex");
  const grpc = connectGrpc(address, certificate);
  assert.deepEqual((await grpc.guidance.getEntry({ name: "essex/0" })).body, (await lmc.guidance.getEntry({ name: "essex/0" })).body);
  const unknown = await failure(grpc.guidance.getMatter({ name: "acess-plan" }));
  assert.equal(unknown.reason, "UNKNOWN_MATTER");
  assert.match(unknown.hint, /access-plan-2021/);
  for await (const { event } of watchView(grpc, { matter })) {
    assert.equal(event.case, "reset");
    break;
  }
  const other = connectGrpc(address, demo.grpc("kent").certificate);
  const refused = await failure(other.guidance.listMatters({}));
  assert.equal(refused.reason, "UNAVAILABLE");
  assert.match(refused.message, /certificate/);
});

test("the examples of the code and of docs/clients.md compile, and run", () => {
  const here = join(root, "client", "ts");
  const folder = join(here, "dist-test", "examples");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { address, certificate } = demo.grpc("essex");
  const examples = ["src/index.ts", "src/node.ts", "../../docs/clients.md"].flatMap((file) =>
    [...readFileSync(join(here, file), "utf8").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) =>
      code!.replace(/^ \* ?/gm, "").replaceAll("http://localhost:8080", demo.url).replaceAll("127.0.0.1:7501", address).replaceAll("essex/node.pem", join(folder, "node.pem")),
    ),
  );
  assert.equal(examples.length, examplesExpected);
  writeFileSync(join(folder, "node.pem"), certificate);
  examples.forEach((code, i) => writeFileSync(join(folder, `example${i}.ts`), code));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
    extends: "../../tsconfig.json",
    compilerOptions: { rootDir: ".", outDir: "out", declaration: false },
    include: ["."],
  }));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
    assert.equal(status, 0, `${args}\n${stdout}${stderr}`);
    return stdout;
  };
  run(join(here, "node_modules", "typescript", "bin", "tsc"), "-p", folder);
  const printed = examples.map((code, i) => {
    const out = run(join(folder, "out", `example${i}.js`));
    assert.notEqual(out, "", code);
    return out;
  });
  assert.match(printed.at(-1)!, /^Practice X10001 belongs to Cambridgeshire LMC\.\n(.*\n)+It still stands\. \d+ bytes of proof\n$/);
});

test("a watch goes on where it was when the node goes and comes back", { timeout: 120_000 }, async () => {
  const stop = new AbortController();
  const paused: LmcError[] = [];
  const watch = watchView(lmc, { matter }, { signal: stop.signal, onPause: (why) => paused.push(why) });
  const next = async (): Promise<WatchViewResponse> => {
    const { value, done } = await watch.next();
    assert(!done, "the watch ended");
    return value;
  };

  const first = await next();
  assert.equal(first.event.case, "reset");
  demo.lmc("surrey-sussex", "withdraw", "surrey-sussex/0", "--reason", "to see it in a watch", "--yes");
  const change = await upTo(next, "change");
  assert.equal(change.event.value.lines.some(({ committee, before }) => committee === "surrey" && before), true);
  assert.equal(new Set(change.event.value.lines.map(({ entry }) => entry)).size, 1);

  const waiting = next(); // takes the change, and waits for what comes
  await demo.kill();
  await demo.start();
  const back = await waiting;
  assert.equal(back.event.case, "progress", "it goes on, and does not start again");
  assert(paused.length > 0);
  assert.equal(paused[0]?.reason, "UNAVAILABLE");

  demo.lmc("essex", "withdraw", "essex/0", "--reason", "to see it after a break", "--yes");
  const after = await upTo(next, "change");
  assert.deepEqual([...new Set(after.event.value.lines.map(({ committee }) => committee))].sort(), ["north-essex", "south-essex"]);

  const over = watch.next();
  stop.abort();
  assert.equal((await over).done, true);

  // Another day, another process: from the cursor that was saved before the last change, that comes again.
  const saved = JSON.stringify(toJson(CursorSchema, back.cursor!));
  for await (const message of watchView(lmc, { matter }, { cursor: fromJson(CursorSchema, JSON.parse(saved)) })) {
    if (message.event.case === "progress") continue;
    assert.equal(message.event.case, "change");
    assert.deepEqual(said(message.event.value), said(after.event.value));
    break;
  }

  // A place that is none of this node's: it starts again, and says why.
  const foreign = { ...back.cursor!, digest: new Uint8Array(32) };
  for await (const { event } of watchView(lmc, { matter }, { cursor: foreign })) {
    assert.equal(event.case, "reset");
    assert.notEqual(event.value.reason, "");
    break;
  }
});

function said({ lines }: ViewChange): string[] {
  return lines.map(({ words }) => words);
}

async function upTo<Case extends string>(next: () => Promise<WatchViewResponse>, wanted: Case) {
  for (;;) {
    const message = await next();
    if (message.event.case === wanted) return message as WatchViewResponse & { event: Extract<WatchViewResponse["event"], { case: Case }> };
    assert.equal(message.event.case, "progress");
  }
}

async function listening(answer: Parameters<typeof createServer>[1] & object): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
