#!/usr/bin/env node
// Writes the operations of the program's table into docs/openapi.json: node scripts/describe-api.mjs build/dev/curlew
//
// Everything else in the document is written by hand; test/check-server.mjs compares it with the server.
import { readFileSync, writeFileSync } from "node:fs";
import { makeHome, startServer, call } from "../test/server/start.mjs";
import { chooseProgram } from "../test/steps.mjs";

const file = new URL("../docs/openapi.json", import.meta.url);
const document = JSON.parse(readFileSync(file, "utf8"));
const place = makeHome();
const server = await startServer(chooseProgram(process.argv[2] ?? ""), place.env);
const { operations } = (await call(server, "GET", "/api/v1/operations")).json;
await server.stop();
place.remove();

function schemaOf(argument) {
  const described = {
    text: { type: "string" }, date: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }, count: { type: "integer", minimum: 1 },
    flag: { type: "boolean" }, json: { type: "object" },
  }[argument.type];
  const one = argument.choices ? { ...described, enum: argument.choices } : described;
  return { ...(argument.repeated ? { type: "array", items: one } : one), description: argument.help };
}

// What takes a question or a query gives an answer; the others give reports of their own.
const answers = ({ arguments: list, name }) => name === "preview" || list.some((argument) => ["question", "words", "query"].includes(argument.name));

// What `sql` gives with `schema`: tables instead of an answer.
const tables = { type: "object", required: ["tables"], properties: { tables: { type: "array", items: { type: "object" } } } };
const schemaOfResult = (operation) => {
  const answer = { $ref: "#/components/schemas/Answer" };
  if (operation.arguments.some((argument) => argument.name === "schema")) return { anyOf: [answer, tables] };
  return answers(operation) ? answer : { type: "object" };
};

const stated = document.paths["/api/v1/op/ask"].post.responses;
for (const path of Object.keys(document.paths)) if (path.startsWith("/api/v1/op/")) delete document.paths[path];
for (const operation of operations) {
  const required = operation.arguments.filter((argument) => argument.required).map((argument) => argument.name);
  const schema = { type: "object", properties: Object.fromEntries(operation.arguments.map((argument) => [argument.name, schemaOf(argument)])), additionalProperties: false };
  if (required.length) schema.required = required;
  const content = { "application/json": { schema: schemaOfResult(operation) }, "text/event-stream": { schema: { $ref: "#/components/schemas/AnswerEvents" } }, "text/markdown": { schema: { type: "string" } } };
  if (operation.tabular) content["text/csv"] = { schema: { type: "string" } };
  document.paths[`/api/v1/op/${operation.name}`] = { post: {
    operationId: operation.name, tags: [operation.group], summary: operation.summary, ...(operation.detail ? { description: operation.detail } : {}),
    requestBody: { required: required.length > 0, content: { "application/json": { schema } } },
    responses: { ...stated, 200: { description: "The result. A question that is declined or asked back is also 200, with its `status`. With `Accept: text/event-stream` server-sent events, see `AnswerEvents`", content },
      ...(operation.tabular ? {} : { 406: { $ref: "#/components/responses/E406" } }) },
  } };
  if (operation.name === "ask") document.paths["/api/v1/ask"] = { post: { ...document.paths["/api/v1/op/ask"].post, operationId: "ask_question", summary: "The same as /api/v1/op/ask" } };
}
document.paths = Object.fromEntries(Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(document, null, 1)}\n`);
console.log(`${operations.length} operations are described`);
