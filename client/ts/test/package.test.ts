// What the package holds against the project it is of.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "./demo.js";

const here = join(root, "client", "ts");
const read = (...path: string[]) => readFileSync(join(...path), "utf8");

test("every generated message is exported", () => {
  const exported = read(here, "src", "messages.ts").match(/gen\/[^"]*_pb/g);
  const generated = readdirSync(join(here, "src", "gen", "lmc"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("_pb.ts"))
    .map((file) => `gen/lmc/${file.replaceAll("\\", "/").replace(/\.ts$/, "")}`);
  assert.deepEqual(exported, generated.sort());
});

test("every reason that a node may give is named", () => {
  const ofNodes = [...read(root, "internal", "wire", "table.go").matchAll(/codes\.\w+, "(\w+)"\}/g)].map(([, reason]) => reason);
  const named = [.../export type Reason =([^;]*)/.exec(read(here, "src", "index.ts"))![1]!.matchAll(/"(\w+)"/g)].map(([, reason]) => reason);
  assert(ofNodes.length > 20);
  assert.deepEqual(named, ofNodes);
});

test("what a browser loads asks for nothing of Node.js", () => {
  for (const file of readdirSync(join(here, "dist"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js") || file === "node.js") continue;
    assert.doesNotMatch(read(here, "dist", file), /from "(node:|@connectrpc\/connect-node)/, file);
  }
});

test("versions are exact, and package-lock.json names no registry", () => {
  const { scripts, dependencies, devDependencies, peerDependencies } = JSON.parse(read(here, "package.json"));
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies })) {
    assert.match(version as string, /^\d+\.\d+\.\d+$/, name);
  }
  assert.doesNotMatch(read(here, "package-lock.json"), /"resolved"|https?:\/\/[^"]*\/-\//);
  assert.deepEqual(Object.keys(scripts).filter((name) => /install/.test(name)), []);
});
