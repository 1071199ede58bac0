// @grpc/grpc-js over stubs from proto/: evaluates alone and in a stream, lists two pages, reads an error.
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { fromBinary } from "@bufbuild/protobuf";
import { detailsOf, registryOf } from "./registry.mjs";

const [address, descriptors, formFile, protos] = process.argv.slice(2);
const registry = registryOf(descriptors);
const definition = loader.loadSync("heng/v1/evaluation_service.proto", { includeDirs: [protos], keepCase: true });
const { EvaluationService } = grpc.loadPackageDefinition(definition).heng.v1;
const client = new EvaluationService(address, grpc.credentials.createInsecure());
const call = (method, request, options = {}) => promisify(client[method].bind(client))(request, new grpc.Metadata(), options);
const form = JSON.parse(readFileSync(formFile, "utf8"));

const { evaluation } = await call("EvaluateForm", { form });
const pages = [];
let page_token = "";
do {
  const page = await call("ListEvaluations", { page_size: 2, page_token, filter: { fiscal_year: 2022, grade: "excellent" } });
  pages.push(page.evaluations.map((summary) => summary.id));
  page_token = page.next_page_token;
} while (page_token);
const same = await call("GetEvaluation", { id: evaluation.id });

const spoilt = structuredClone(form);
spoilt.indicators[3].points_claimed = "满分";
let refusal;
try {
  await call("EvaluateForm", { form: spoilt });
} catch (error) {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  const status = fromBinary(registry.getMessage("google.rpc.Status"), packed);
  const details = status.details.map(({ typeUrl, value }) => ({ type: typeUrl, value }));
  refusal = { code: grpc.status[error.code], ...detailsOf(registry, details) };
}
let deadline;
try {
  await call("SummarizeEvaluations", {}, { deadline: Date.now() - 1 });
} catch (error) {
  deadline = grpc.status[error.code];
}

// 100 forms over one stream, every tenth spoilt: the answers come in order, each with its own status.
const streamed = [];
const stream = client.StreamEvaluateForms();
await new Promise((resolve, reject) => {
  stream.on("data", ({ correlation_id, result }) => streamed.push([correlation_id, result.evaluation ? "ok" : result.status.code]));
  stream.on("error", reject);
  stream.on("end", resolve);
  for (let number = 0; number < 100; number++) {
    const request = { form: number % 10 === 9 ? spoilt : form, validate_only: true };
    stream.write({ correlation_id: `${number}`, request });
  }
  stream.end();
});
client.close();
const awarded = evaluation.points.awarded;
console.log(JSON.stringify({ id: evaluation.id, awarded, same: same.evaluation.points.awarded, pages, refusal, deadline, streamed }));
