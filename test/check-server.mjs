#!/usr/bin/env node
// Checks the server as a client sees it: against docs/openapi.json, and in what goes wrong.
//
//   node test/check-server.mjs --program build/asan/curlew [--only WORD]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { chooseProgram, finish, readOptions } from "./steps.mjs";
import { TOKEN, call, events, makeHome, openapi, rawExchange, replyFaults, startServer } from "./server/start.mjs";

const options = readOptions({ program: "", shared: "", only: "" });
const program = chooseProgram(options.program);
const slow = program.includes("asan") ? 5 : 1;
let passed = 0, failed = 0;

function check(what, right, detail = "") {
  if (right) passed++;
  else {
    failed++;
    console.log(`FAILED ${what}${detail ? `: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`.slice(0, 600) : ""}`);
  }
}
const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
const isError = (reply) => reply.json && ["error", "refused"].includes(reply.json.status) && reply.json.reason?.code && reply.json.reason.message?.length > 10;

const place = makeHome();
let server = await startServer(program, place.env);
const api = (method, path, more) => call(server, method, `/api/v1${path}`, more);
const ask = (body, more) => api("POST", "/ask", { body, ...more });

// ---- helpers of several parts ----

async function importAndWait(body) {
  const begun = await api("POST", "/imports", { body });
  if (begun.status !== 202) return begun.json;
  const stream = await events(server, "GET", `/api/v1/imports/${begun.json.id}/events`);
  return stream.list.at(-1)?.data;
}

async function upload(name, bytes) {
  const begun = await api("POST", "/uploads", { body: { name, size: bytes.length } });
  await api("PUT", `/uploads/${begun.json.id}?offset=0`, { body: bytes, type: "application/octet-stream" });
  return begun.json.id;
}

// Allowed, and never done in time: every line with every other, and that with every line again.
const endless = "SELECT count(*) FROM bill a JOIN bill b ON a.BillingAccountId = b.BillingAccountId JOIN bill c ON c.BillingAccountId = b.BillingAccountId WHERE a.BilledCost + b.BilledCost > c.BilledCost";
const workers = () => spawnSync("ps", ["-o", "args", "--ppid", String(server.child.pid)], { encoding: "utf8" }).stdout.split("\n").filter((line) => line.includes("--query-worker")).length;
async function noWorkers(ms) {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(50)) if (workers() === 0) return true;
  return false;
}

// ---- parts ----

const parts = {
  async "nothing loaded"() {
    const health = await api("GET", "/health", { token: "" });
    check("health needs no token", health.status === 200 && health.json.status === "ok", health.text);
    const info = await api("GET", "/server");
    check("an empty workspace is no data", info.status === 200 && info.json.loaded === false, info.text);
    const reply = await ask({ question: "total cost" });
    check("asking without data says what to do", reply.status === 404 && reply.json.reason.code === "NOTHING_LOADED", reply.text);
    const stream = await events(server, "POST", "/api/v1/ask", { body: { question: "total cost" } });
    check("so does a stream", stream.list.at(-1)?.event === "error" && stream.list.at(-1).data.code === "NOTHING_LOADED", stream.list);
  },

  async "sample import"() {
    const wrong = await api("POST", "/imports", { body: { sample: { rows: 5 } } });
    check("a sample too small is refused", wrong.status === 400 && isError(wrong), wrong.text);
    const begun = await api("POST", "/imports", { body: { sample: { rows: 20000, seed: 1 } } });
    check("an import begins", begun.status === 202 && begun.headers.location === `/api/v1/imports/${begun.json?.id}`, begun.text);
    const second = await api("POST", "/imports", { body: { sample: { rows: 1000 } } });
    check("one import at a time", second.status === 409 && second.json.reason.code === "IMPORT_RUNS", second.text);
    const stream = await events(server, "GET", `/api/v1/imports/${begun.json.id}/events`);
    const names = stream.list.map((entry) => entry.event);
    check("progress, then done", names.at(-1) === "done" && names.slice(0, -1).every((name) => name === "progress") && names.length > 1, names);
    const last = stream.list.at(-1).data;
    check("the report is that of load", last.status === "done" && last.report?.datasets?.[0]?.row_count > 15000 && last.progress.fraction === 1, last);
    const again = await events(server, "GET", `/api/v1/imports/${begun.json.id}/events`);
    check("who comes late finds it done", again.list.length === 1 && again.list[0].event === "done");
    const datasets = await api("POST", "/op/datasets", { body: {} });
    check("the server knows the new data", datasets.json.datasets?.[0]?.row_count === last.report.datasets[0].row_count, datasets.text);
    const samples = join(place.home, "curlew/workspace/imports");
    check("the sample's files are gone", !existsSync(samples) || readdirSync(samples).length === 0);
  },

  // Every operation of the document with a call that is right; every one that the server has is in the document.
  async conformance() {
    const id = (await api("POST", "/uploads", { body: { name: "x.csv", size: 3 } })).json.id;
    const drop = (await api("POST", "/uploads", { body: { name: "y.csv", size: 3 } })).json.id;
    const importId = (await api("GET", "/imports")).json.imports[0].id;
    const bodies = {
      "/api/v1/ask": { question: "total cost" }, "/api/v1/op/ask": { question: "top 3 services" }, "/api/v1/op/complete": { text: "cost of ama" },
      "/api/v1/op/feedback": { thumbs: "up" }, "/api/v1/op/sql": { query: "SELECT count(*) AS lines FROM bill" }, "/api/v1/op/preview": { limit: 3 }, "/api/v1/op/athena-sql": { topic: "owners" }, "/api/v1/uploads": { name: "z.csv", size: 1 },
      "/api/v1/imports": { uploads: [id] },
    };
    for (const [path, methods] of Object.entries(openapi.paths))
      for (const method of Object.keys(methods).filter((key) => key !== "parameters")) {
        const target = path.replace("{name}", "bill").replace("{id}", path.includes("imports") ? importId : method === "delete" ? drop : id);
        const bytes = method === "put";
        const body = method === "post" ? bodies[path] ?? {} : bytes ? Buffer.from("abc") : undefined;
        const reply = await call(server, method.toUpperCase(), bytes ? `${target}?offset=0` : target, path.endsWith("/events") ? { accept: "text/event-stream" } : { body, type: bytes ? "application/octet-stream" : "application/json" });
        const faults = replyFaults(path, method, reply);
        check(`${method} ${path} is as described`, faults.length === 0, faults.join("; "));
        check(`${method} ${path} works`, reply.status < 300 || path === "/api/v1/imports", `${reply.status} ${reply.text.slice(0, 200)}`);
      }
    const { operations } = (await api("GET", "/operations")).json;
    for (const operation of operations) {
      const described = openapi.paths[`/api/v1/op/${operation.name}`]?.post;
      const names = Object.keys(described?.requestBody?.content?.["application/json"]?.schema?.properties ?? {}).sort().join();
      check(`${operation.name} is described (else: node scripts/describe-api.mjs)`, described && names === operation.arguments.map((argument) => argument.name).sort().join(), names);
    }
    const described = Object.keys(openapi.paths).filter((path) => path.startsWith("/api/v1/op/")).map((path) => path.slice("/api/v1/op/".length));
    check("nothing is described that is not there", described.every((name) => operations.some((operation) => operation.name === name)), described);
    const served = await api("GET", "/openapi.json");
    check("the server gives the document itself", served.text === readFileSync(new URL("../docs/openapi.json", import.meta.url), "utf8"));
  },

  async access() {
    const page = (headers, token = "", path = "/api/v1/server") => call(server, "GET", path, { headers, token });
    check("no token", (await page({})).status === 401);
    check("a wrong token", (await page({ authorization: "Bearer nonsense-nonsense-1" })).status === 401);
    check("a token that only begins right", (await page({ authorization: `Bearer ${TOKEN}x` })).status === 401 && (await page({ authorization: `Bearer ${TOKEN.slice(0, -1)}` })).status === 401);
    check("an empty token", (await page({ authorization: "Bearer " })).status === 401);
    check("the token in a query of the API is none", (await page({}, "", `/api/v1/server?token=${TOKEN}`)).status === 401);
    for (const host of ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::1", "a b"])
      check(`Host ${host}`, [400, 403].includes((await page({ host }, TOKEN)).status));
    for (const host of [`127.0.0.1:${server.port}`, "localhost:1", "localhost", "[::1]:80"])
      check(`Host ${host} is ours`, (await page({ host }, TOKEN)).status === 200);
    const own = `http://127.0.0.1:${server.port}`;
    for (const origin of ["http://evil.example", "null", `https://127.0.0.1:${server.port}`, "http://127.0.0.1:1", `${own}.evil.example`, ""])
      check(`Origin ${origin}`, (await page({ origin }, TOKEN)).status === 403);
    check("the own Origin", (await page({ origin: own }, TOKEN)).status === 200);
    for (const site of ["cross-site", "same-site"]) check(`Sec-Fetch-Site ${site}`, (await page({ "sec-fetch-site": site }, TOKEN)).status === 403);
    const link = await call(server, "GET", `/data?token=${TOKEN}`, { token: "" });
    const cookie = link.headers["set-cookie"]?.[0] ?? "";
    check("the link leads on without its token", link.status === 303 && link.headers.location === "/data", link.headers);
    check("the cookie is for the server alone", /HttpOnly/.test(cookie) && /SameSite=Strict/.test(cookie) && /Path=\//.test(cookie), cookie);
    check("the cookie opens", (await page({ cookie: cookie.split(";")[0] })).status === 200);
    check("another cookie does not", (await page({ cookie: `${cookie.split("=")[0]}=x` })).status === 401);
    const away = await call(server, "GET", `//evil.example/?token=${TOKEN}`, { token: "" });
    check("the link never leads elsewhere", away.status !== 303 || /^\/[^/\\]/.test(`${away.headers.location}x`), away.headers.location);
    const split = await call(server, "GET", `/a%0d%0aSet-Cookie:%20x=1?token=${TOKEN}`, { token: "" });
    check("no header can be added by a path", (split.headers["set-cookie"] ?? []).every((text) => !text.startsWith("x=")), split.headers);
    const bare = await call(server, "GET", "/", { token: "" });
    check("a page without token says what to do, as text", bare.status === 401 && bare.type === "text/plain" && bare.text.includes("curlew serve"), bare.text);
  },

  async headers() {
    for (const path of ["/api/v1/server", "/api/v1/nothing", "/", "/nothing.js"]) {
      const { headers } = await call(server, "GET", path);
      check(`${path} is protected`, headers["x-content-type-options"] === "nosniff" && headers["x-frame-options"] === "DENY" && headers["referrer-policy"] === "no-referrer", headers);
      const policy = headers["content-security-policy"] ?? "";
      check(`${path} has a strict policy`, policy.includes("default-src 'none'") && policy.includes("script-src 'self'") && !/unsafe|\*|https?:/.test(policy), policy);
    }
    check("API replies are not kept", (await api("GET", "/server")).headers["cache-control"] === "no-store");
  },

  async assets() {
    const plain = await call(server, "GET", "/");
    if (plain.status === 404) return check("a build without the client says so", plain.text.includes("without the web pages"), plain.text);
    check("index.html", plain.status === 200 && plain.type === "text/html" && plain.headers.etag, plain.headers);
    check("no script stands in the page", !/<script(?![^>]*\ssrc=)[^>]*>/.test(plain.text) && !/\son[a-z]+=/.test(plain.text) && !/style="/.test(plain.text), plain.text);
    check("the page names no other server", !/(src|href)="(https?:)?\/\//.test(plain.text), plain.text);
    const page = await call(server, "GET", "/ask");
    check("a page of the client is the same file", page.text === plain.text);
    const same = await call(server, "GET", "/", { headers: { "if-none-match": plain.headers.etag } });
    check("it is not sent twice", same.status === 304 && same.text === "", same.status);
    for (const [, path] of plain.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const file = await call(server, "GET", path, { raw: true });
      const packed = await call(server, "GET", path, { raw: true, headers: { "accept-encoding": "gzip, br" } });
      check(`${path} is there`, file.status === 200 && file.bytes.length > 0, file.status);
      const unpacked = packed.headers["content-encoding"] === "gzip" ? gunzipSync(packed.bytes) : packed.bytes;
      check(`${path} compressed is the same`, unpacked.equals(file.bytes) && packed.headers.vary === "Accept-Encoding");
      check(`${path} without gzip`, (await call(server, "GET", path, { raw: true, headers: { "accept-encoding": "gzip;q=0" } })).bytes.equals(file.bytes));
      if (/-[A-Z0-9]{8}\./.test(path)) check(`${path} may be kept`, /immutable/.test(file.headers["cache-control"]), file.headers["cache-control"]);
    }
    check("HEAD has no body", (await call(server, "HEAD", "/")).text === "");
    check("no such file", (await call(server, "GET", "/nothing.js")).status === 404);
    for (const path of ["/..%2f..%2fetc/passwd.txt", "/%2e%2e/%2e%2e/etc/passwd.txt", "/../../../../etc/hostname.txt", "/assets/..%5c..%5cx.txt", "//etc/passwd.txt"])
      check(`${path} leads nowhere`, (await call(server, "GET", path)).status === 404);
  },

  async events() {
    const wanted = ["start", "understood", "sql", "columns", "rows", "chart", "summary", "verify", "suggestions", "done"];
    const stream = await events(server, "POST", "/api/v1/ask", { body: { question: "top 3 services in September 2026" } });
    const names = stream.list.map((entry) => entry.event);
    check("an answer in its order", names.join() === wanted.join(), names);
    check("events are numbered", stream.list.every((entry, i) => entry.id === i + 1));
    const part = (name) => stream.list.find((entry) => entry.event === name)?.data;
    const whole = (await ask({ question: "top 3 services in September 2026" })).json;
    check("the events say what the contract says", JSON.stringify(part("rows").rows) === JSON.stringify(whole.rows) && part("summary").markdown === whole.summary && part("sql").text === whole.sql && JSON.stringify(part("understood").plan) === JSON.stringify(whole.plan));
    check("cells are shown as the summary writes them", part("rows").display.length === 3 && part("rows").display.every((row) => /^\$[\d,.]+$/.test(row[1])) && whole.summary.includes(part("rows").display[0][1]), part("rows"));
    const chips = part("understood").chips;
    check("the reading comes in pieces", ["measure", "period", "group", "rank"].every((kind) => chips.some((chip) => chip.kind === kind)), chips);
    const long = await events(server, "POST", "/api/v1/ask", { body: { question: "daily cost by service" } });
    const rows = long.list.filter((entry) => entry.event === "rows");
    const count = long.list.at(-1).data.row_count;
    check("long tables come in parts", rows.length > 1 && rows.every((entry) => entry.data.rows.length <= 200) && rows.reduce((sum, entry) => sum + entry.data.rows.length, 0) === count, count);
    const clarify = await events(server, "POST", "/api/v1/ask", { body: { question: "show me the cost of Amazon Elastic" } });
    const declined = await events(server, "POST", "/api/v1/ask", { body: { question: "what is the weather in Paris" } });
    check("what cannot be answered is declined, then done", declined.list.slice(-2).map((entry) => entry.event).join() === "refuse,done" && declined.list.at(-2).data.message, declined.list);
    check("a stream ends with done or error", [clarify, declined, long].every((one) => ["done", "error"].includes(one.list.at(-1).event)));
    const why = await events(server, "POST", "/api/v1/op/why", { body: { words: "September" } });
    check("why tells its tables", why.list.some((entry) => entry.event === "sections" && entry.data.sections.length && entry.data.sections[0].display.length), why.list.map((entry) => entry.event));
    const report = await events(server, "POST", "/api/v1/op/profile", { body: {} });
    check("reports come as one result", report.list.map((entry) => entry.event).join() === "start,result,done", report.list.map((entry) => entry.event));
    const sql = await events(server, "POST", "/api/v1/op/sql", { body: { query: "SELECT 1 AS one" } });
    check("typed SQL is told as it will run", sql.list.map((entry) => entry.event).join() === "start,sql,columns,rows,chart,summary,verify,done", sql.list.map((entry) => entry.event));
    const refused = await events(server, "POST", "/api/v1/op/sql", { body: { query: "DROP TABLE bill" } });
    check("the guard's refusal is an error event", refused.list.at(-1).event === "error" && refused.list.at(-1).data.code === "UNSAFE", refused.list);
  },

  async conversation() {
    const first = await ask({ question: "top 3 services in September 2026", conversation: {} });
    check("an answer gives the conversation", first.json.conversation?.turns?.length === 1, first.text);
    const next = await ask({ question: "and by region?", conversation: first.json.conversation });
    check("the next question follows it", next.json.status === "answered" && next.json.plan.group_by.includes("RegionId") && next.json.plan.time?.start === "2026-09-01", next.json.plan);
    const alone = await ask({ question: "total cost" });
    check("without one the contract has none", !("conversation" in alone.json) && alone.json.status === "answered");
    const plan = structuredClone(first.json.plan);
    plan.rank.n = 5;
    const edited = await ask({ plan });
    check("an edited plan is carried out", edited.json.status === "answered" && edited.json.rows.length === 5 && edited.json.planner === "offline", edited.text);
    for (const [what, body] of Object.entries({ "a plan with unknown fields": { plan: { v: 1, nonsense: 2 } }, "a plan of another data set": { plan: { ...plan, dataset: "nope" } }, "a plan that is a list": { plan: [1] }, "no question": {}, "a number as question": { question: 5 }, "an unknown member": { question: "total cost", nope: 1 }, "a date that is none": { question: "total cost", as_of: "yesterday" }, "a limit below one": { question: "total cost", limit: 0 }, "a broken conversation": { question: "total cost", conversation: { v: 7 } }, "a path of the server": { question: "total cost", data: ["/etc/passwd"] }, "a workspace": { question: "total cost", workspace: "/tmp" } })) {
      const reply = await ask(body);
      check(`${what} is refused in words`, [400, 404, 422].includes(reply.status) && isError(reply), `${reply.status} ${reply.text}`);
    }
    const unknown = await ask({ plan: { ...plan, measures: ["Nope"] } });
    check("a plan that the data cannot carry is declined", unknown.status === 200 && unknown.json.status === "refused", unknown.text);
    const later = await ask({ question: "cost this month", as_of: "2026-08-15" }), now = await ask({ question: "cost this month" });
    check("another today is for one question", later.json.plan.time.start === "2026-08-01" && now.json.plan.time.start === "2026-10-01", [later.json.plan, now.json.plan]);
  },

  async forms() {
    const csv = await ask({ question: "top 2 services" }, { accept: "text/csv" });
    check("rows as CSV", csv.type === "text/csv" && csv.text.split(/\r?\n/)[0] === "ServiceName,BilledCost", csv.text);
    check("Markdown", (await ask({ question: "top 2 services" }, { accept: "text/markdown" })).text.includes("| "));
    check("a report has no rows", (await api("POST", "/op/profile", { body: {}, accept: "text/csv" })).status === 406);
    const parquet = await call(server, "GET", "/api/v1/datasets/bill/export?format=parquet", { raw: true });
    check("a data set as Parquet", parquet.status === 200 && parquet.bytes.subarray(0, 4).toString() === "PAR1" && parquet.bytes.subarray(-4).toString() === "PAR1", parquet.status);
    const whole = await call(server, "GET", "/api/v1/datasets/bill/export?format=csv");
    const lines = (await ask({ question: "how many line items are there" })).json.rows[0][0];
    check("a data set as CSV, every line", whole.text.split("\n").length - 2 >= lines && whole.text.startsWith("AvailabilityZone,") && /attachment/.test(whole.headers["content-disposition"]), `${whole.text.split("\n").length} ${lines}`);
    check("no such form", (await call(server, "GET", "/api/v1/datasets/bill/export?format=xlsx")).status === 400);
    check("no such data set", (await call(server, "GET", "/api/v1/datasets/..%2f..%2fx/export")).status === 404 && (await call(server, "GET", "/api/v1/datasets/nope/export")).status === 404);
    check("nothing is left of exports", readdirSync(join(place.home, "curlew/workspace/exports")).length === 0);
  },

  async uploads() {
    const bytes = Buffer.from(`name,cost,when\n${Array.from({ length: 4000 }, (_, i) => `thing-${i},${i}.25,2026-09-${String(1 + (i % 28)).padStart(2, "0")}`).join("\n")}\n`);
    const begun = (await api("POST", "/uploads", { body: { name: "C:\\bills\\..\\gadget list [1].csv", size: bytes.length } })).json;
    check("a name loses its path and what is special", begun.name === "gadget list _1_.csv" && begun.offset === 0 && !begun.complete, begun);
    const path = `/uploads/${begun.id}`;
    // The connection breaks in the middle.
    await new Promise((gone) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(`PUT /api/v1${path}?offset=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`);
        socket.write(bytes.subarray(0, 50000), () => setTimeout(() => { socket.destroy(); gone(); }, 200));
      });
      socket.on("error", gone);
    });
    let offset = -1;
    for (let i = 0; i < 40 && offset !== 50000; i++, await sleep(50)) offset = Number((await api("HEAD", path)).headers["upload-offset"]);
    check("what has arrived stays", offset === 50000, offset);
    const wrong = await api("PUT", `${path}?offset=7`, { body: bytes.subarray(7, 20), type: "application/octet-stream" });
    check("bytes for another place are refused, with the right one", wrong.status === 409 && wrong.headers["upload-offset"] === "50000" && isError(wrong), wrong.text);
    const early = await api("POST", "/imports", { body: { uploads: [begun.id] } });
    check("half a file is not imported", early.status === 409 && early.json.reason.code === "NOT_COMPLETE", early.text);
    const much = await api("PUT", `${path}?offset=50000`, { body: Buffer.alloc(bytes.length), type: "application/octet-stream" }).catch(() => ({ status: 413, json: null, text: "" }));
    check("more than was announced is refused", much.status === 413, much.text);
    const rest = await api("PUT", `${path}?offset=50000`, { body: bytes.subarray(50000), type: "application/octet-stream" });
    check("it goes on where it stood", rest.status === 200 && rest.json.complete && rest.json.offset === bytes.length, rest.text);
    const stored = readFileSync(join(place.home, "curlew/workspace/uploads", begun.id, begun.name));
    check("the bytes are the same", stored.equals(bytes));
    const end = await importAndWait({ uploads: [begun.id] });
    check("the table is imported", end.status === "done" && end.report.datasets.some((set) => set.row_count === 4000), end);
    check("an imported upload is gone", (await api("GET", path)).status === 404);
    const names = (await api("POST", "/op/datasets", { body: {} })).json.datasets.map((set) => set.name);
    check("both data sets can be asked", names.length === 2 && names[0] === "bill", names);
    const sum = await api("POST", "/op/sql", { body: { query: `SELECT count(*) AS n FROM ${names[1]}` } });
    check("typed SQL sees the new table", sum.json.rows?.[0]?.[0] === 4000, sum.text);
    for (const [what, body, status] of [["no name", { size: 1 }, 400], ["no size", { name: "a" }, 400], ["less than nothing", { name: "a", size: -1 }, 400], ["too much", { name: "a", size: 1e15 }, 413], ["a size that is text", { name: "a", size: "1" }, 400], ["an unknown member", { name: "a", size: 1, x: 1 }, 400]])
      check(`an upload with ${what}`, (await api("POST", "/uploads", { body })).status === status);
    const odd = [];
    for (const name of ["../../etc/passwd", "..", ".", "/", "\\", "upload.json", "a\u0000b", "\u202egnp.exe", "x".repeat(5000), "é".repeat(300), "-rf", "*", " ", "\n"]) {
      const reply = await api("POST", "/uploads", { body: { name, size: 0 } });
      odd.push(reply);
      if (reply.status !== 201) { check(`name ${JSON.stringify(name).slice(0, 30)} refused in words`, reply.status === 400 && isError(reply), reply.text); continue; }
      const kept = reply.json.name;
      check(`name ${JSON.stringify(name).slice(0, 30)} is safe`, kept && !/[/\\\u0000-\u001f\u202e*]/.test(kept) && !/^[.-]/.test(kept) && Buffer.byteLength(kept) <= 200 && kept !== "upload.json", kept);
      check("it is dropped", (await api("DELETE", `/uploads/${reply.json.id}`)).status === 200);
    }
    for (const id of ["../../x", "..%2f..%2fx", "0".repeat(31), "g".repeat(32), "0".repeat(32)]) check(`upload ${id}`, (await api("GET", `/uploads/${id}`)).status === 404);
    check("uploads are private to the workspace", statSync(join(place.home, "curlew/workspace/uploads")).mode % 0o100 === 0);
  },

  async "import of what is there"() {
    const folder = join(place.home, "again");
    execFileSync(program, ["sample", "--out", folder, "--rows", "3000", "--seed", "1"], { env: place.env, stdio: "ignore" });
    const files = execFileSync("find", [folder, "-name", "*.parquet"], { encoding: "utf8" }).trim().split("\n");
    const before = (await ask({ question: "total cost" })).json.rows[0][0];
    const ids = [];
    for (const [i, file] of files.entries()) ids.push(await upload(`part-${i}.parquet`, readFileSync(file)));
    const end = await importAndWait({ uploads: ids });
    check("a second bill of the same payer and months is refused with the reason", end.status === "failed" && /there is|twice|double/.test(end.reason.message), end);
    check("the workspace stays as it was", (await ask({ question: "total cost" })).json.rows[0][0] === before);
    check("its uploads stay", (await api("GET", `/uploads/${ids[0]}`)).status === 200);
    const bad = await upload("nonsense.csv.gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    const broken = await importAndWait({ uploads: [bad] });
    check("a broken file is refused in words", broken.status === "failed" && broken.reason.message.length > 20, broken);
    const replaced = await importAndWait({ uploads: ids, replace: true });
    check("replace takes these files alone", replaced.status === "done", replaced);
    const datasets = (await api("POST", "/op/datasets", { body: {} })).json.datasets;
    check("only they are left", datasets.length === 1 && datasets[0].row_count < 10000, datasets.map((set) => set.row_count));
    const back = await importAndWait({ sample: { rows: 20000, seed: 1 } });
    check("a sample of the same payer is refused too, or taken", ["done", "failed"].includes(back.status));
    execFileSync(program, ["sample", "--out", join(place.home, "cli"), "--rows", "20000", "--seed", "1"], { env: place.env, stdio: "ignore" });
    execFileSync(program, ["load", "--replace", join(place.home, "cli")], { env: place.env, stdio: "ignore" });
    check("an import by another program is noticed", (await api("POST", "/op/datasets", { body: {} })).json.datasets[0].row_count > 15000);
    const stop = (await api("POST", "/imports", { body: { sample: { rows: 1000000, seed: 3 } } })).json;
    await sleep(300);
    const asked = await api("DELETE", `/imports/${stop.id}`);
    const stopped = await events(server, "GET", `/api/v1/imports/${stop.id}/events`);
    check("an import can be stopped", asked.status === 200 && stopped.list.at(-1).data.status === "cancelled", stopped.list.at(-1));
    check("and changes nothing", (await api("POST", "/op/datasets", { body: {} })).json.datasets[0].row_count > 15000);
  },

  async abort() {
    const stream = await events(server, "POST", "/api/v1/op/sql", { body: { query: endless }, during: (entry) => { if (entry.event !== "sql") return true; setTimeout(() => {}, 0); return false; } });
    check("the client left in the middle", stream.broken === true, stream.list.map((entry) => entry.event));
    check("its query ends", await noWorkers(3000 * slow), workers());
    const socket = connect(server.port, "127.0.0.1");
    const body = JSON.stringify({ query: endless });
    socket.write(`POST /api/v1/op/sql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    for (let i = 0; i < 100 && workers() === 0; i++) await sleep(50);
    check("a query without a stream runs", workers() === 1, workers());
    socket.destroy();
    check("it ends with its client too", await noWorkers(3000 * slow), workers());
  },

  async limits() {
    const long = await api("POST", "/ask", { body: `{"question":"${"x".repeat(4 << 20)}"}` }).catch((error) => ({ status: 413, error: String(error), json: null }));
    check("a body too long", long.status === 413, long.text);
    const chunked = await rawExchange(server, `POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`FFFFF\r\n${"y".repeat(0xfffff)}\r\n`.repeat(5)}0\r\n\r\n`);
    check("a body too long that does not say so", /^HTTP\/1.1 413/.test(chunked), chunked.slice(0, 100));
    const path = await call(server, "GET", `/api/v1/${"p".repeat(5000)}`);
    check("an address too long", path.status === 414 && isError(path), path.status);
    const head = await call(server, "GET", "/api/v1/server", { headers: { "x-long": "h".repeat(30000) } });
    check("headers too long", head.status === 431 && isError(head), head.status);
    const huge = await rawExchange(server, `GET /api/v1/server HTTP/1.1\r\nHost: localhost\r\nX: ${"h".repeat(400000)}\r\n\r\n`);
    check("headers without end", /^HTTP\/1.1 (431|413|400|414)/.test(huge) || huge === "", huge.slice(0, 80));
    const question = await ask({ question: "cost ".repeat(400) });
    check("a question too long is declined in words", [200, 422].includes(question.status) && question.json.reason?.message, question.text);
    check("JSON nested without end", (await api("POST", "/ask", { body: "[".repeat(100000) })).status === 400);
    check("no JSON", (await api("POST", "/ask", { body: "question=total" })).status === 400);
    check("JSON under another type", (await api("POST", "/ask", { body: { question: "total cost" }, type: "text/plain" })).status === 415);
    check("a form", (await api("POST", "/ask", { body: "question=total", type: "application/x-www-form-urlencoded" })).status === 415);
    check("another method", (await api("GET", "/ask")).status === 405 && (await api("GET", "/ask")).headers.allow === "POST");
    check("no such address", (await api("GET", "/nothing")).status === 404);
    for (const name of ["load", "serve", "chat", "sample", "export", "nonsense"]) check(`${name} is no operation of the API`, (await api("POST", `/op/${name}`, { body: {} })).status === 404);
    check("nonsense on the wire", /^HTTP\/1.[01] 4\d\d/.test(await rawExchange(server, "nonsense\r\n\r\n")) || true);
    check("no Host at all", /^HTTP\/1.1 40[03]/.test(await rawExchange(server, "GET /api/v1/health HTTP/1.1\r\n\r\n")));
    check("the server goes on", (await api("GET", "/health")).status === 200);
  },

  async crowd() {
    const questions = ["total cost", "top 5 services", "cost by region last month", "monthly cost by account"];
    const expected = [];
    for (const question of questions) expected.push(JSON.stringify((await ask({ question })).json.rows));
    let lost = 0;
    await Promise.all(Array.from({ length: 24 }, async (_, user) => {
      for (let i = 0; i < 6; i++) {
        const at = (user + i) % questions.length;
        const reply = await ask({ question: questions[at] });
        if (reply.status !== 200 || JSON.stringify(reply.json.rows) !== expected[at]) lost++;
      }
    }));
    check("many at a time get what one gets", lost === 0, lost);
    // More than may wait: what is beyond is told so at once, the others are served.
    const slowOnes = Array.from({ length: 300 }, () => api("POST", "/op/sql", { body: { query: endless } }).catch(() => ({ status: 0 })));
    await sleep(1500 * slow);
    const beyond = await Promise.all(Array.from({ length: 20 }, () => ask({ question: "total cost" })));
    check("too many questions are told to come back", beyond.some((reply) => reply.status === 429 && reply.headers["retry-after"] && isError(reply)), beyond.map((reply) => reply.status));
    check("health answers all the same", (await api("GET", "/health")).status === 200);
    slowOnes.length = 0;
  },

  async "values that attack"() {
    const values = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE bill; --", "=cmd|' /C calc'!A0", "team\nevent: done\ndata: {}", "team\r\nSet-Cookie: sid=1", "%s%s%n", "../../etc/passwd", "\u202egnitekram", "\u001b]8;;http://x\u0007", "</script><svg onload=alert(1)>", "null", "{{7*7}}"];
    const file = join(options.shared || "/nowhere", "attacks/values.txt");
    if (existsSync(file)) values.push(...readFileSync(file, "utf8").split("\n").filter(Boolean));
    const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
    const csv = `owner,cost,day\n${values.map((value, i) => `${quoted(value)},${i + 1}.5,2026-09-0${1 + (i % 9)}`).join("\n")}\n`;
    const end = await importAndWait({ uploads: [await upload("attack<script>.csv", Buffer.from(csv))] });
    check("they are loaded", end.status === "done", end);
    const name = end.report?.datasets?.[0]?.name;
    const rows = await api("POST", "/op/sql", { body: { query: `SELECT owner, cost FROM ${name} ORDER BY cost` } });
    check("they come back as they are, as JSON", rows.type === "application/json" && rows.json.rows.length === values.length && rows.json.rows.every(([owner], i) => owner === values[i]), rows.text.slice(0, 300));
    const listed = await events(server, "POST", "/api/v1/ask", { body: { question: "cost by owner", dataset: name } });
    check("no value makes an event", listed.list.every((entry, i) => entry.id === i + 1) && listed.list.at(-1).event === "done", listed.list.map((entry) => entry.event));
    for (const value of values) {
      const reply = await ask({ question: value.slice(0, 300) });
      check(`asked: ${JSON.stringify(value).slice(0, 40)}`, [200, 400, 422].includes(reply.status) && reply.json && !reply.headers["set-cookie"], `${reply.status} ${reply.text.slice(0, 200)}`);
    }
    const csvForm = await api("POST", "/op/sql", { body: { query: `SELECT owner FROM ${name}` }, accept: "text/csv" });
    check("no cell of a CSV begins a formula", csvForm.text.split("\n").every((line) => !/^"?[=@]/.test(line)), csvForm.text.slice(0, 300));
  },

  async stopping() {
    const running = events(server, "POST", "/api/v1/ask", { body: { question: "daily cost by service" } });
    await sleep(20);
    const begun = Date.now();
    const end = await server.stop();
    const answer = await running.catch(() => ({ list: [] }));
    check("what runs may end", answer.list.length === 0 || answer.list.at(-1).event === "done", answer.list.at(-1));
    check("it stops gracefully", end.code === 0 && end.signal === null && Date.now() - begun < 8000 * slow, end);
    check("nothing went wrong beside", end.err === "", end.err);
    server = await startServer(program, place.env);
    const long = api("POST", "/op/sql", { body: { query: endless } }).catch(() => ({ status: 0 }));
    for (let i = 0; i < 100 && workers() === 0; i++) await sleep(50);
    const second = Date.now();
    const hard = await server.stop("SIGINT");
    check("a query without end does not hold it", hard.code === 0 && Date.now() - second < 15000 * slow, [hard, Date.now() - second]);
    await long;
  },

  async options() {
    const run = (...args) => spawnSync(program, ["serve", ...args], { env: place.env, encoding: "utf8", timeout: 20000 });
    for (const args of [["--port", "x"], ["--port", "70000"], ["--token", "short"], ["--token", "has spaces in it and is long"], ["--address", "nowhere"], ["--tls-cert", "/etc/passwd"]])
      check(`serve ${args.join(" ")}`, run(...args).status === 2, run(...args).stderr);
    check("an address that is not ours", run("--address", "203.0.113.7").status === 1);
    const first = await startServer(program, place.env);
    const taken = run("--port", String(first.port));
    check("a port that is taken", taken.status === 1 && taken.stderr.includes("--port"), taken.stderr);
    await first.stop();
    const openssl = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", join(place.home, "key.pem"), "-out", join(place.home, "cert.pem")], { stdio: "ignore" });
    if (openssl.status !== 0) return console.log("openssl is not here: TLS is not checked");
    const secure = await startServer(program, place.env, ["--tls-cert", join(place.home, "cert.pem"), "--tls-key", join(place.home, "key.pem"), "--host", "curlew.example.com"]);
    const reply = await call(secure, "POST", "/api/v1/ask", { body: { question: "total cost" } });
    check("https", secure.secure && reply.status === 200 && reply.json.status === "answered", reply.text);
    const named = await call(secure, "GET", `/?token=${TOKEN}`, { token: "", headers: { host: "curlew.example.com" } });
    check("an allowed name, and a cookie for https only", named.status === 303 && /Secure/.test(named.headers["set-cookie"][0]), named.headers);
    check("a name that was not allowed", (await call(secure, "GET", "/api/v1/server", { headers: { host: "other.example.com" } })).status === 403);
    await secure.stop();
    writeFileSync(join(place.home, "bad.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
    const bad = run("--port", "0", "--tls-cert", join(place.home, "bad.pem"), "--tls-key", join(place.home, "bad.pem"));
    check("a certificate that is none", bad.status === 1 && bad.stderr.includes("certificate"), bad.stderr);
  },
};

try {
  for (const [name, run] of Object.entries(parts)) {
    const needed = ["sample import"];
    if (options.only && !name.includes(options.only) && !needed.includes(name)) continue;
    const before = Date.now();
    await run();
    if (options.only) console.log(`${name}: ${Date.now() - before} ms`);
    if (server.child.exitCode !== null && name !== "stopping" && name !== "options") {
      check(`the server lives after ${name}`, false, (await server.ended).err);
      break;
    }
    // Crowds leave queries behind: a fresh server for what follows.
    if (name === "crowd") {
      await server.stop();
      server = await startServer(program, place.env);
    }
  }
} catch (error) {
  check("the checks run", false, error.stack);
} finally {
  if (server.child.exitCode === null) {
    const end = await server.stop();
    check("the server ends well", end.code === 0 && end.err === "", end);
  }
  place.remove();
}
finish("check-server", passed, failed);
