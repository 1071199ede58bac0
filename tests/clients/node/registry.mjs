// The interface as data: what `buf build` made of proto/.
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

export function registryOf(path) {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)));
}

// The details of an error by their type, whatever transport they came by: [{ typeUrl or type, value }].
export function detailsOf(registry, packed) {
  const found = {};
  for (const { type, value } of packed) {
    const name = type.split("/").pop();
    const schema = registry.getMessage(name);
    found[name.split(".").pop()] = fromBinary(schema, value);
  }
  return {
    reason: found.ErrorInfo.reason,
    domain: found.ErrorInfo.domain,
    fields: found.BadRequest.fieldViolations.map((violation) => violation.field),
    locale: found.LocalizedMessage.locale,
    message: found.LocalizedMessage.message,
  };
}
