// What tests of the server share: starting one on data of its own, calling it, checking what comes back against docs/openapi.json.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../steps.mjs";

// Silence that no answer takes, even under the sanitizers.
const PATIENCE_MS = 120_000;
export const TOKEN = "token-of-the-tests-0123";
export const openapi = JSON.parse(readFileSync(join(ROOT, "docs/openapi.json"), "utf8"));

export function makeHome() {
  const home = mkdtempSync(join(tmpdir(), "curlew-server-"));
  return { home, env: { ...process.env, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, HOME: home }, remove: () => rmSync(home, { recursive: true, force: true }) };
}

// Starts the server and waits for its link. `stop()` sends SIGTERM and gives exit code and what it said.
export async function startServer(program, env, extra = []) {
  const child = spawn(program, ["serve", "--port", "0", "--token", TOKEN, ...extra], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "", err = "";
  child.stderr.on("data", (data) => { err += data; });
  const ended = new Promise((done) => child.on("close", (code, signal) => done({ code, signal, out, err })));
  const link = await new Promise((found, failed) => {
    child.stdout.on("data", (data) => {
      out += data;
      const match = /(https?:\/\/\S+)\/\?token=(\S+)/.exec(out);
      if (match) found(match);
    });
    ended.then((end) => failed(new Error(`the server ended: ${end.err}`)));
  });
  const base = new URL(link[1]);
  return {
    child, base, port: Number(base.port), secure: base.protocol === "https:", token: link[2],
    stop: (signal = "SIGTERM") => { child.kill(signal); return ended; }, ended,
  };
}

// One exchange. Gives { status, headers, text, json, type }.
export function call(server, method, path, { body, headers = {}, token = TOKEN, type = "application/json", accept, raw = false } = {}) {
  const data = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
  const all = { ...headers };
  if (token) all.authorization ??= `Bearer ${token}`;
  if (data !== undefined && type) all["content-type"] ??= type;
  if (data !== undefined) all["content-length"] ??= Buffer.byteLength(data);
  if (accept) all.accept = accept;
  return new Promise((done, failed) => {
    const make = server.secure ? httpsRequest : httpRequest;
    const request = make({ host: "127.0.0.1", port: server.port, method, path, headers: all, agent: false, rejectUnauthorized: false, timeout: PATIENCE_MS }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("error", failed);
      reply.on("end", () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString("utf8");
        let json = null;
        if ((reply.headers["content-type"] ?? "").startsWith("application/json")) try { json = JSON.parse(text); } catch { /* checked by who asks */ }
        done({ status: reply.statusCode, headers: reply.headers, text, bytes: raw ? bytes : undefined, json, type: (reply.headers["content-type"] ?? "").split(";")[0] });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer`)));
    request.on("error", failed);
    request.end(data);
  });
}

// A stream of events: [{ event, data }], in order. `during(event)` may return false to close the connection.
export function events(server, method, path, { body, during = () => true, token = TOKEN } = {}) {
  const data = body === undefined ? undefined : JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
  if (data !== undefined) Object.assign(headers, { "content-type": "application/json", "content-length": Buffer.byteLength(data) });
  return new Promise((done, failed) => {
    const list = [];
    const request = httpRequest({ host: "127.0.0.1", port: server.port, method, path, headers, agent: false, timeout: PATIENCE_MS }, (reply) => {
      let rest = "";
      reply.setEncoding("utf8");
      reply.on("data", (text) => {
        rest += text;
        for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
          const block = rest.slice(0, end);
          if (block.startsWith(":")) continue;
          const event = /^event: (.*)$/m.exec(block)?.[1];
          const entry = { event, id: Number(/^id: (.*)$/m.exec(block)?.[1]), data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1]) };
          list.push(entry);
          if (during(entry) === false) request.destroy();
        }
      });
      reply.on("end", () => done({ status: reply.statusCode, type: reply.headers["content-type"], list }));
      reply.on("error", () => done({ status: reply.statusCode, broken: true, list }));
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer`)));
    request.on("error", (error) => (list.length ? done({ broken: true, list }) : failed(error)));
    request.end(data);
  });
}

// Bytes as they are, for what no HTTP client would send. Gives what came back until the connection ended or went quiet.
export function rawExchange(server, bytes, { quietMs = 1500 } = {}) {
  return new Promise((done) => {
    const socket = connect(server.port, "127.0.0.1");
    let text = "";
    const finish = () => { socket.destroy(); done(text); };
    socket.setTimeout(quietMs, finish);
    socket.on("data", (data) => { text += data.toString("latin1"); });
    socket.on("error", finish);
    socket.on("end", finish);
    socket.on("connect", () => socket.write(bytes));
  });
}

// ---- docs/openapi.json ----

function resolve(schema) {
  return schema?.$ref ? schema.$ref.split("/").slice(1).reduce((at, key) => at[key], openapi) : schema;
}

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value);

// What is wrong with a value by its schema, as texts; the part of JSON Schema that the document uses.
export function schemaFaults(given, value, where = "$") {
  const schema = resolve(given);
  if (!schema) return [];
  if (schema.anyOf) {
    const each = schema.anyOf.map((one) => schemaFaults(one, value, where));
    return each.some((faults) => !faults.length) ? [] : each[0];
  }
  const faults = [];
  const type = typeOf(value);
  const allowed = schema.type === undefined ? null : [schema.type].flat();
  if (allowed && !allowed.includes(type) && !(type === "integer" && allowed.includes("number")))
    return [`${where} is ${type}, not ${allowed.join(" or ")}`];
  if ("const" in schema && value !== schema.const) faults.push(`${where} is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) faults.push(`${where} is ${JSON.stringify(value)}, none of ${schema.enum.join(", ")}`);
  if (schema.pattern && type === "string" && !new RegExp(schema.pattern).test(value)) faults.push(`${where} does not match ${schema.pattern}`);
  if (type === "object") {
    for (const name of schema.required ?? []) if (!(name in value)) faults.push(`${where}.${name} is missing`);
    for (const [name, part] of Object.entries(value)) {
      if (schema.properties?.[name]) faults.push(...schemaFaults(schema.properties[name], part, `${where}.${name}`));
      else if (schema.additionalProperties === false) faults.push(`${where}.${name} is not described`);
    }
  }
  if (type === "array" && schema.items) value.forEach((part, i) => faults.push(...schemaFaults(schema.items, part, `${where}[${i}]`)));
  return faults;
}

// What is wrong with a reply by the description of its operation ("/api/v1/uploads/{id}", "get").
export function replyFaults(path, method, reply) {
  const operation = openapi.paths[path]?.[method];
  if (!operation) return [`${method} ${path} is not described`];
  const response = resolve(operation.responses[String(reply.status)]);
  if (!response) return [`${method} ${path}: status ${reply.status} is not described (${reply.text.slice(0, 200)})`];
  if (method === "head" || !response.content) return [];
  const content = response.content[reply.type];
  if (!content) return [`${method} ${path} ${reply.status}: type ${reply.type} is not described`];
  if (reply.type !== "application/json") return [];
  if (reply.json === null) return [`${method} ${path} ${reply.status}: the body is no JSON`];
  return schemaFaults(content.schema, reply.json).map((fault) => `${method} ${path} ${reply.status}: ${fault}`);
}
