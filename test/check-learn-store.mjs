// The log in both of its stores, from outside. The same suite runs on SQLite and on DynamoDB (dynalite, an implementation of its protocol); on
// the latter two machines share one table. Then what networks do: nobody listens, the service asks for patience, takes half of a batch, breaks
// off: nothing is lost, and no question waits.
//
//   node test/check-learn-store.mjs --program build/asan/curlew
import { execFile } from "node:child_process";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT, chooseProgram, finish, readOptions } from "./steps.mjs";

const program = chooseProgram(readOptions({ program: "", shared: "" }).program);
const folder = mkdtempSync(join(tmpdir(), "curlew-store-"));
const run = promisify(execFile);
let passed = 0;
let failed = 0;

function check(name, ok, detail = "") {
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`FAILED ${name} ${detail}`);
}

// ---- the service, and a proxy before it that can be told to fail ----

async function startDynamo() {
  const dynalite = createRequire(import.meta.url)("dynalite");
  const server = dynalite({ createTableMs: 0 });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

const HEADERS = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-date": "20260101T000000Z",
  authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
};

async function callDynamo(port, operation, body) {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST", headers: { ...HEADERS, "x-amz-target": `DynamoDB_20120810.${operation}` }, body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
}

const makeTable = (port, name) => callDynamo(port, "CreateTable", {
  TableName: name, BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }, { AttributeName: "sk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, { AttributeName: "sk", KeyType: "RANGE" }],
});

async function scan(port, table) {
  const items = [];
  let from;
  do {
    const page = await callDynamo(port, "Scan", { TableName: table, ...(from && { ExclusiveStartKey: from }) });
    items.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

// Passes requests on, except that `proxy.fault` (a function of the body; undefined = none) may answer in the service's place.
async function startProxy(port) {
  const proxy = { calls: 0, fault: undefined };
  const server = createServer((incoming, outgoing) => {
    const parts = [];
    incoming.on("data", (part) => parts.push(part));
    incoming.on("end", () => {
      proxy.calls++;
      const body = Buffer.concat(parts);
      const pass = (bytes) => {
        const headers = { ...incoming.headers, "content-length": bytes.length };
        const on = request({ port, host: "127.0.0.1", method: "POST", path: "/", headers }, (answer) => {
          outgoing.writeHead(answer.statusCode, answer.headers);
          answer.pipe(outgoing);
        });
        on.end(bytes);
      };
      if (proxy.fault) proxy.fault({ body, incoming, outgoing, pass });
      else pass(body);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(proxy, { port: server.address().port, close: () => server.close() });
}

// ---- machines ----

// A machine with a home of its own; `dynamo` = {port, table} shares its log.
function machine(name, user, dynamo) {
  const home = join(folder, name);
  const env = {
    PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: join(home, "data"), XDG_CACHE_HOME: join(folder, "cache"), CURLEW_USER: user,
    ...(process.env.CURLEW_LIBRARY_PATH && { CURLEW_LIBRARY_PATH: process.env.CURLEW_LIBRARY_PATH }),
    ...(dynamo && {
      CURLEW_LEARN_STORE: `dynamodb:${dynamo.table}`, AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${dynamo.port}`,
      AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example",
    }),
  };
  return async (...args) => {
    const { stdout } = await run(program, [...args, "--json"], { env, maxBuffer: 1 << 28 }).catch((error) => {
      if (!error.stdout) throw error;
      return error;
    });
    return JSON.parse(stdout);
  };
}

const bill = join(ROOT, "test/fixtures/golden/cur2.csv");
const ask = (on, question) => on("ask", "--data", bill, question);

// What any store must do; `other` is the second machine of a shared store, or undefined.
async function suite(name, one, other, items) {
  const first = await ask(one, "top 3 services");
  const second = await ask(one, "cost by region");
  check(`${name}: answers have ids`, /^[0-9a-f]{24}$/.test(first.id) && first.id < second.id);
  check(`${name}: repeats are reused`, (await ask(one, "top 3 services")).reused_from === first.id);
  check(`${name}: a thumb`, (await one("feedback", "down", "--id", first.id, "--reason", "wrong month")).thumbs === "down");
  const stats = await one("stats");
  check(`${name}: three questions`, stats.totals.questions === 3 && stats.totals.disliked === 1, JSON.stringify(stats.totals));
  check(`${name}: the store has a name`, stats.store === (other ? "dynamodb" : "sqlite"));
  check(`${name}: nothing waits`, !other || stats.shared.waiting === 0, JSON.stringify(stats.shared));
  const list = (await one("stats", "--list")).questions;
  const times = list.map((row) => row.total_ms);
  if (other) {
    const seen = (await other("stats", "--list")).questions;
    check(`${name}: the other machine sees the same rows`, JSON.stringify(seen) === JSON.stringify(list), `\n${JSON.stringify(seen)}\n${JSON.stringify(list)}`);
    await ask(other, "total cost");
    check(`${name}: and the first what the other asked`, (await one("stats")).totals.questions === 4);
    check(`${name}: users are told apart`, (await one("stats")).totals.users === 2);
  }
  check(`${name}: times keep their digits`, times.every((ms) => ms > 0));
  check(`${name}: one is forgotten`, (await one("forget", "--id", second.id)).forgotten === 1);
  if (other) {
    const left = (await other("stats", "--list")).questions.map((row) => row.id);
    check(`${name}: for everybody`, left.length === 3 && !left.includes(second.id), left.join());
  }
  check(`${name}: a user is forgotten`, (await one("forget", "--user", "anna")).forgotten === 2);
  const kept = items ? JSON.stringify(await items()) : "";
  check(`${name}: nor does a word of theirs stay in the table`, !kept.includes("wrong month") && !kept.includes("anna"), kept);
  check(`${name}: others stay`, (await one("stats")).totals.questions === (other ? 1 : 0));
  check(`${name}: all is forgotten`, (await one("forget", "--all")).forgotten === (other ? 1 : 0));
}

// ---- what networks do ----

const answerError = (outgoing, status, type) => {
  outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  outgoing.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "as the test wants it" }));
};

// Every batch is taken in part: the second half of it comes back.
function takeHalf({ body, incoming, outgoing, pass }) {
  const asked = JSON.parse(body);
  const [table] = Object.keys(asked.RequestItems ?? {});
  const list = table && asked.RequestItems[table];
  if (!list || list.length < 2) return pass(body);
  const half = list.splice(Math.ceil(list.length / 2));
  callDynamo(takeHalf.port, incoming.headers["x-amz-target"].split(".")[1], asked).then(() => {
    outgoing.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    outgoing.end(JSON.stringify({ UnprocessedItems: { [table]: half } }));
  });
}

const FAULTS = {
  "nobody answers": ({ incoming }) => incoming.socket.destroy(),
  throttled: ({ outgoing }) => answerError(outgoing, 400, "ProvisionedThroughputExceededException"),
  "out of order": ({ outgoing }) => answerError(outgoing, 500, "InternalServerError"),
  "without rights": ({ outgoing }) => answerError(outgoing, 400, "AccessDeniedException"),
  "answers nonsense": ({ outgoing }) => outgoing.end("<html>"),
};

async function failures(port) {
  const proxy = await startProxy(port);
  takeHalf.port = port;
  await makeTable(port, "faults");
  const ids = [];
  let slowest = 0;
  for (const [name, fault] of Object.entries(FAULTS)) {
    proxy.fault = fault;
    const one = machine(`faults`, "ben", { port: proxy.port, table: "faults" });
    const before = Date.now();
    const answer = await ask(one, `top ${ids.length + 2} services`);
    slowest = Math.max(slowest, Date.now() - before);
    ids.push(answer.id);
    check(`${name}: the question is answered`, answer.status === "answered");
    const stats = await one("stats");
    check(`${name}: it waits in the queue`, stats.shared.waiting >= ids.length, JSON.stringify(stats.shared));
    check(`${name}: the reason is told`, /DynamoDB|out of reach|127\.0\.0\.1/.test(stats.shared.trouble), stats.shared.trouble);
  }
  check("asking does not wait for the network", slowest < 4000, `${slowest} ms`);
  proxy.fault = takeHalf;
  const one = machine(`faults`, "ben", { port: proxy.port, table: "faults" });
  for (let i = 0; i < 6; i++) ids.push((await ask(one, `top ${i + 3} regions`)).id);
  await one("feedback", "up");
  const kept = new Set((await scan(port, "faults")).filter((item) => item.pk.S.startsWith("question#")).map((item) => item.sk.S));
  check("half-failed batches: all arrived", ids.every((id) => kept.has(id)), `${kept.size} of ${ids.length}`);
  check("and nothing waits", (await one("stats")).shared.waiting === 0);
  const items = await scan(port, "faults");
  check("questions expire by themselves", items.every((item) => item.pk.S === "note" || Number(item.expires_at.N) > 1.7e9));
  check("numbers are text of numbers", items.filter((item) => item.pk.S !== "note").every((item) => /^\d+(\.\d+)?(e-\d+)?$/.test(item.total_ms?.N ?? "0")));
  proxy.close();
}

// A long reason and a longer correction do not fit into an item: what is too long is left out and named, the rest arrives.
async function longItems(port) {
  await makeTable(port, "long");
  const one = machine("long", "ben", { port, table: "long" });
  const answer = await ask(one, "top 3 services");
  await one("feedback", "down", "--id", answer.id, "--reason", "x".repeat(120_000));
  const item = (await scan(port, "long")).find((one) => one.sk.S === answer.id);
  check("long reasons arrive", item?.feedback_reason?.S.length === 120_000 && !item.left_out);
}

const server = await startDynamo();
try {
  const { port } = server.address();
  await makeTable(port, "team");
  await suite("sqlite", machine("alone", "anna"));
  await suite("dynamodb", machine("one", "anna", { port, table: "team" }), machine("two", "ben", { port, table: "team" }), () => scan(port, "team"));
  check("nothing of the forgotten is left in the table", (await scan(port, "team")).every((item) => !item.question));
  await failures(port);
  await longItems(port);
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
finish("learn store", passed, failed);
