#!/usr/bin/env node
// The web client without a browser: its types, exact numbers and how they are written, reading of events, edits of plans, its size.
//
//   node test/check-ui.mjs --program build/asan/curlew
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT, chooseProgram, finish, readOptions } from "./steps.mjs";

const program = chooseProgram(readOptions({ program: "", shared: "" }).program);
const folder = mkdtempSync(join(tmpdir(), "curlew-ui-"));
let passed = 0;
let failed = 0;

function check(name, found, wanted) {
  const ok = JSON.stringify(found) === JSON.stringify(wanted);
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`FAILED ${name}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

// A module of the client, bundled for Node. What it does with a page is not called here.
async function load(name) {
  const out = join(folder, `${name.replace(/\W/g, "-")}.mjs`);
  await build({
    entryPoints: [join(ROOT, "ui", "src", name)], outfile: out, bundle: true, format: "esm", platform: "node", jsx: "automatic",
    jsxImportSource: "preact", loader: { ".tsv": "text" }, logLevel: "error",
  });
  return import(out);
}

function checkTypes() {
  const run = spawnSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", join(ROOT, "ui")], { encoding: "utf8" });
  check(`types ${run.stdout}`, run.status, 0);
}

async function checkJson() {
  const { parseJson } = await load("json.ts");
  check("exact decimals stay text", parseJson('[12.340000000000000001, 0.10, 1e2, 5, -7, 12345678901234567890]'), ["12.340000000000000001", "0.10", "1e2", 5, -7, "12345678901234567890"]);
  check("a plan comes back as it was", JSON.stringify(parseJson('{"v":1,"rank":{"n":5},"x":[true,null,"a\\u0000\\"b"]}')), '{"v":1,"rank":{"n":5},"x":[true,null,"a\\u0000\\"b"]}');
  const odd = parseJson('{"__proto__":{"polluted":1}}');
  check("__proto__ is a member", [Object.keys(odd), {}.polluted === undefined], [["__proto__"], true]);
  for (const text of ["", "{", "[1,]", '{"a":1,}', "01x", "nul", '"\\', "[1]2", "-", "[".repeat(5000)]) {
    let refused = false;
    try { parseJson(text); } catch (error) { refused = error instanceof SyntaxError; }
    check(`not JSON: ${text.slice(0, 12)}`, refused, true);
  }
}

// Costs whose writing is delicate, asked of the program as a table, and written by the client from their exact values.
const COSTS = ["0", "0.001", "0.0012", "0.004", "0.005", "0.015", "0.025", "0.00000012", "1", "1.005", "2.675", "9.995", "99.999", "1234.5", "9999.99",
  "9999.995", "9999.999", "10000", "10000.5", "12345.5", "12346.5", "1234567.891", "987654321.123456", "-0.0031", "-12.345", "-9999.999", "-10000.5"];

async function checkNumbers() {
  const { addDecimal, displayBytes, displayNumber, displayTick, decimalText, parseDecimal, roundDecimal, subtractDecimal } = await load("number.ts");
  const head = "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,EffectiveCost,ProviderName,ServiceName,SubAccountId";
  for (const currency of ["USD", "EUR", "CHF", "JPY", "BHD"]) {
    const file = join(folder, `${currency}.csv`);
    const rows = COSTS.map((cost, at) => `${cost},1,${currency},2026-09-01T00:00:00Z,2026-08-01T00:00:00Z,Usage,2026-08-03T00:00:00Z,2026-08-02T00:00:00Z,${cost},AWS,service-${at},1`);
    writeFileSync(file, `${head}\n${rows.join("\n")}\n`);
    const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: join(folder, "cache"), XDG_DATA_HOME: join(folder, "data") };
    const text = execFileSync(program, ["ask", "--markdown", "--data", file, "cost by service"], { encoding: "utf8", env });
    const shown = new Map(text.split("\n").filter((line) => line.includes("service-") && line.startsWith("|")).map((line) => line.split("|").slice(1, 3).map((cell) => cell.trim().replace(/\\(.)/g, "$1").replace(/\*\*/g, ""))));
    COSTS.forEach((cost, at) => check(`${cost} ${currency}`, displayNumber(cost, currency), shown.get(`service-${at}`)));
  }
  check("percent", ["0", "12.34", "99.96", "99.999", "100", "0.012", "-3.25", "-3.35"].map((value) => displayNumber(value, "percent")), ["0.0%", "12.3%", "99.96%", "100.0%", "100.0%", "0.012%", "-3.2%", "-3.4%"]);
  check("quantities", [["1234.5", "GB"], ["0.03125", null], ["3", "count"], ["12345.678", "Hrs"]].map(([value, unit]) => displayNumber(value, unit)), ["1,234.5 GB", "0.0312", "3", "12,346 Hrs"]);
  check("prices", displayNumber("0.0834", "USD per GB"), "$0.0834 per GB");
  check("nothing", displayNumber(null, "USD"), "–");
  check("ticks", [0, 500, 1500, 25000, 2.5, 0.002].map((value) => displayTick(value, "USD")), ["$0", "$500", "$1,500", "$25,000", "$2.50", "$0.0020"]);
  check("exact sums", decimalText(addDecimal(parseDecimal("0.1"), parseDecimal("0.2"))), "0.3");
  check("of 38 digits", decimalText(subtractDecimal(parseDecimal("12345678901234567890123456.789012345678"), parseDecimal("0.000000000001"))), "12345678901234567890123456.789012345677");
  check("half to even", ["0.5", "1.5", "2.5", "-0.5", "-1.5", "0.51"].map((value) => decimalText(roundDecimal(parseDecimal(value), 0))), ["0", "2", "2", "0", "-2", "1"]);
  check("bytes", [0, 999, 1500, 123456789, 2e9].map(displayBytes), ["0 B", "999 B", "1.5 kB", "123 MB", "2.0 GB"]);
}

async function checkEvents() {
  globalThis.window ??= { location: { pathname: "/", search: "" } };
  const { readEvents } = await load("api.ts");
  const collect = async (text, size) => {
    const bytes = new TextEncoder().encode(text);
    const stream = new ReadableStream({ start(controller) { for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size)); controller.close(); } });
    const events = [];
    for await (const event of readEvents(stream)) events.push([event.name, event.data]);
    return events;
  };
  const text = ': heartbeat\n\nevent: rows\nid: 1\ndata: {"display":[["é 🧨","$1.00"]]}\n\nevent: done\ndata: {"status":"answered"}\n\n';
  const wanted = [["rows", { display: [["é 🧨", "$1.00"]] }], ["done", { status: "answered" }]];
  for (const size of [1, 3, 7, 1000]) check(`events in pieces of ${size} bytes`, await collect(text, size), wanted);
}

async function checkPlans() {
  const { drillDown, periodBefore, periodLabel, withGrain, withGroups, withTime, withoutChip } = await load("plan.ts");
  const plan = { v: 1, intent: "breakdown", dataset: "bill", measures: ["BilledCost"], group_by: ["ServiceName"], rank: { on: "value", n: 5 }, assumptions: [{ field: "time", why: "all" }] };
  check("a period said is assumed no more", withTime(plan, { start: "2026-08-01", end: "2026-09-01" }).assumptions, undefined);
  check("a grain makes a series", withGrain(plan, "month").intent, "series");
  check("without groups a total is left", withGroups(plan, []), { v: 1, intent: "total", dataset: "bill", measures: ["BilledCost"], assumptions: plan.assumptions });
  check("a chip is taken away", withoutChip({ ...plan, filters: [{ dimension: "RegionId", op: "in", values: ["a"] }] }, { kind: "filter", field: "filters", index: 0, text: "" }).filters, undefined);
  const drilled = drillDown(plan, "ServiceName", "Amazon EC2", null);
  check("a member opens what is below it", [drilled.filters, drilled.group_by, drilled.rank], [[{ dimension: "ServiceName", op: "in", values: ["Amazon EC2"] }], ["x_UsageType"], undefined]);
  check("the plan itself is as it was", plan.group_by, ["ServiceName"]);
  check("the month before March", periodBefore("2026-03-01", "2026-04-01"), { start: "2026-02-01", end: "2026-03-01" });
  check("ten days before", periodBefore("2026-03-11", "2026-03-21"), { start: "2026-03-01", end: "2026-03-11" });
  check("periods in words", [periodLabel("2026-02-01", "2026-03-01"), periodLabel("2026-02-01", "2026-02-02"), periodLabel("2026-02-01", "2026-02-11")], ["February 2026", "2026-02-01", "2026-02-01 to 2026-02-10"]);
}

async function checkTexts() {
  const { readMarkdown } = await load("components/summary.tsx");
  check("markdown", readMarkdown("a **b \\*c\\*** <d>"), [{ text: "a ", bold: false }, { text: "b *c*", bold: true }, { text: " <d>", bold: false }]);
  const { tagCommands } = await load("pages/owners.tsx");
  const commands = tagCommands("team", [{ resource_id: "arn:aws:s3:::a'; rm -rf /", owner: "o'k", probability: 0.9, evidence: ["x\nrm -rf /"], monthly_cost: 1, runner_up: null }]);
  const words = execFileSync("sh", ["-c", `aws() { printf '%s\\n' "$@"; }\n${commands}`], { encoding: "utf8" }).split("\n");
  check("a shell takes names as they are", [words.includes("arn:aws:s3:::a'; rm -rf /"), words.includes('{"team":"o\'k"}')], [true, true]);
}

function checkSize() {
  const out = join(folder, "dist");
  execFileSync(process.execPath, [join(ROOT, "ui/build.mjs"), out], { stdio: "pipe" });
  const code = readdirSync(out).filter((name) => name.endsWith(".js")).reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name)), { level: 9 }).length, 0);
  check(`the code is at most 450 KB compressed (${code})`, code <= 450 * 1024, true);
  const page = readFileSync(join(out, "index.html"), "utf8");
  check("the page has no script or style of its own", /<script(?![^>]*src=)|<style|style=|\son\w+=/.test(page), false);
}

try {
  checkTypes();
  await checkJson();
  await checkNumbers();
  await checkEvents();
  await checkPlans();
  await checkTexts();
  checkSize();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
finish("ui", passed, failed);
