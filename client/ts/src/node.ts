/**
 * For Node.js alone: gRPC, as nodes speak it. It needs `@connectrpc/connect-node` beside this package.
 *
 * @packageDocumentation
 */
import { createGrpcTransport } from "@connectrpc/connect-node";

import { type ConnectOptions, type LmcNode, connectOver } from "./index.js";

/**
 * Asks a node over gRPC: on another machine, where nobody in between can change an answer or read along. The answers
 * are those of {@link connect}.
 *
 * @param address - Its HOST:PORT, which `lmcnode` logs when it starts.
 * @param certificate - What is in its `node.pem`, which the node's folder has: nobody else's certificate is taken.
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { connectGrpc } from "lmcfed-client/node";
 *
 * const lmc = connectGrpc("127.0.0.1:7501", readFileSync("essex/node.pem", "utf8"));
 * const { matters } = await lmc.guidance.listMatters({});
 * for (const { name, title } of matters) console.log(name, title);
 * ```
 */
export function connectGrpc(address: string, certificate: string | Uint8Array, options: Pick<ConnectOptions, "timeoutMs"> = {}): LmcNode {
  const ca = typeof certificate === "string" ? certificate : new TextDecoder().decode(certificate);
  return connectOver(
    createGrpcTransport({
      baseUrl: `https://${address}`,
      nodeOptions: { ca, minVersion: "TLSv1.3" },
      acceptCompression: [],
      pingIntervalMs: 30_000,
      pingTimeoutMs: 10_000,
    }),
    address,
    options,
  );
}
