// connect-web's transports over fetch, as a page would use them: evaluates, lists two pages, reads an error.
import { readFileSync } from "node:fs";
import { fromJson, isFieldSet } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { detailsOf, registryOf } from "./registry.mjs";

const [address, descriptors, formFile, kind] = process.argv.slice(2);
const registry = registryOf(descriptors);
const baseUrl = `http://${address}`;
const transport = {
  "connect-json": () => createConnectTransport({ baseUrl, useBinaryFormat: false }),
  "connect-proto": () => createConnectTransport({ baseUrl, useBinaryFormat: true }),
  "grpc-web": () => createGrpcWebTransport({ baseUrl }),
}[kind]();
const client = createClient(registry.getService("heng.v1.EvaluationService"), transport);
const form = fromJson(registry.getMessage("heng.v1.Form"), JSON.parse(readFileSync(formFile, "utf8")));

const { evaluation } = await client.evaluateForm({ form });
const pages = [];
let pageToken = "";
do {
  const page = await client.listEvaluations({ pageSize: 2, pageToken, filter: { fiscalYear: 2022, grade: "excellent" } });
  pages.push(page.evaluations.map((summary) => summary.id));
  pageToken = page.nextPageToken;
} while (pageToken);
const same = await client.getEvaluation({ id: evaluation.id });

let refusal;
form.indicators[3].pointsClaimed = "满分";
try {
  await client.evaluateForm({ form });
} catch (error) {
  const { code, details } = ConnectError.from(error);
  refusal = { code: Code[code], ...detailsOf(registry, details) };
}
const awarded = evaluation.points.awarded;
console.log(JSON.stringify({ id: evaluation.id, awarded, same: same.evaluation.points.awarded, pages, refusal }));
