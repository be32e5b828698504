// What a watch and a list do with what nodes say, without one: each event is said by a script.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectError, createRouterTransport } from "@connectrpc/connect";
import { Code, GuidanceService, LmcError, type LmcNode, connectOver, items, watchView } from "lmcfed-client";

type Step = { feed: number } | { fails: Code } | "ends" | "silence";

/** A node that answers one watch after another as the script says, and the feed numbers it was asked from. */
function scripted(...calls: Step[][]): { node: LmcNode; from: (number | undefined)[] } {
  const from: (number | undefined)[] = [];
  const transport = createRouterTransport(({ service }) =>
    service(GuidanceService, {
      async *watchView({ cursor }, { signal }) {
        from.push(cursor && Number(cursor.feed));
        for (const step of calls[from.length - 1] ?? []) {
          if (step === "ends") return;
          if (step === "silence") await new Promise((resolve) => signal.addEventListener("abort", resolve));
          else if ("fails" in step) throw new ConnectError("by the script", step.fails);
          else yield { cursor: { feed: BigInt(step.feed) }, event: { case: "progress", value: {} } };
        }
      },
      async listMatters({ pageToken }) {
        const page = Number(pageToken || 0);
        return { matters: [{ name: `office/m${page}` }], nextPageToken: page < 3 ? `${page + 1}` : "" };
      },
    }),
  );
  return { node: connectOver(transport, "the script"), from };
}

async function feeds(node: LmcNode, most: number, options = {}): Promise<number[]> {
  const taken: number[] = [];
  for await (const { cursor } of watchView(node, { matter: "m" }, options)) {
    taken.push(Number(cursor?.feed));
    if (taken.length === most) break;
  }
  return taken;
}

test("each message once, from the cursor of the last, whatever breaks", async () => {
  const { node, from } = scripted(
    [{ feed: 1 }, { feed: 2 }, { fails: Code.Unavailable }],
    [{ fails: Code.Unavailable }],
    [{ feed: 3 }, "ends"],
    [{ feed: 4 }, { fails: Code.Canceled }],
    [{ feed: 5 }],
  );
  const pauses: number[] = [];
  assert.deepEqual(await feeds(node, 5, { onPause: (_why: LmcError, waitMs: number) => pauses.push(waitMs) }), [1, 2, 3, 4, 5]);
  assert.deepEqual(from, [undefined, 2, 2, 3, 4]);
  const [first, second, ...others] = pauses;
  assert(first! >= 80 && first! <= 100 && second! >= 160 && second! <= 200, `${pauses}`);
  assert(others.every((ms) => ms <= 100), "what was heard begins again with a short pause");
});

test("a watch goes on from a cursor that was kept", async () => {
  const { node, from } = scripted([{ feed: 8 }, "ends"], [{ feed: 9 }]);
  assert.deepEqual(await feeds(node, 2, { cursor: { feed: 7n } }), [8, 9]);
  assert.deepEqual(from, [7, 8]);
});

test("what fails before the first message, and what trying again mends nothing of, ends it", async () => {
  await assert.rejects(feeds(scripted([{ fails: Code.Unavailable }]).node, 1), { reason: "UNAVAILABLE" });
  await assert.rejects(feeds(scripted(["ends"]).node, 1), { reason: "UNAVAILABLE", message: "the node ended the watch" });
  await assert.rejects(feeds(scripted([{ feed: 1 }, { fails: Code.PermissionDenied }]).node, 9), { code: Code.PermissionDenied });
});

test("a node that says nothing for a minute and a half is left, and asked again", async ({ mock }) => {
  const { node, from } = scripted([{ feed: 1 }, "silence"], [{ feed: 2 }]);
  const whys: string[] = [];
  const watch = watchView(node, { matter: "m" }, { onPause: ({ message }: LmcError) => whys.push(message) });
  await watch.next();
  mock.timers.enable({ apis: ["setTimeout"] });
  const next = watch.next();
  for (let round = 0; round < 20; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(10_000);
  }
  assert.equal(Number((await next).value?.cursor?.feed), 2);
  assert.deepEqual(whys, ["the node said nothing for 90 s"]);
  assert.deepEqual(from, [undefined, 1]);
  await watch.return();
});

test("a signal ends a watch without an error: before it, in it, and in a pause", async () => {
  assert.deepEqual(await feeds(scripted([{ feed: 1 }]).node, 1, { signal: AbortSignal.abort() }), []);
  const inIt = new AbortController();
  setTimeout(() => inIt.abort(), 20);
  assert.deepEqual(await feeds(scripted([{ feed: 1 }, "silence"]).node, 9, { signal: inIt.signal }), [1]);
  const inPause = new AbortController();
  const { node, from } = scripted([{ feed: 1 }, "ends"], [{ feed: 2 }]);
  assert.deepEqual(await feeds(node, 9, { signal: inPause.signal, onPause: () => inPause.abort() }), [1]);
  assert.deepEqual(from, [undefined]);
});

test("a list asks for the next page when it is come to, and for none after the last", async () => {
  const { node } = scripted();
  const asked: string[] = [];
  const listMatters: LmcNode["guidance"]["listMatters"] = (request, options) => {
    asked.push(request.pageToken ?? "");
    return node.guidance.listMatters(request, options);
  };
  const names: string[] = [];
  for await (const { name } of items(listMatters, {}, (page) => page.matters)) {
    names.push(name);
    assert.equal(asked.length, names.length);
  }
  assert.deepEqual(names, ["office/m0", "office/m1", "office/m2", "office/m3"]);
  assert.deepEqual(asked, ["", "1", "2", "3"]);
});
