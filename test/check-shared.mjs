#!/usr/bin/env node
// Loads the collection of real exports and compares every total with what its README states, to the last digit.
//
//   node test/check-shared.mjs --program build/release/curlew --shared ../shared
//
// Prints a line per failure and "N passed, N failed" at the end; exit 1 on a failure. Without the collection it says so and exits 0.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const program = option("program", "build/release/curlew");
const shared = option("shared", "../shared");
const real = join(shared, "data/real");
const world = join(shared, "data/world-a");
if (!existsSync(real)) {
  console.log(`check-shared: ${real} is not there; skipped`);
  process.exit(0);
}

let passed = 0, failed = 0;
const check = (what, ok, detail = "") => {
  if (ok) { passed++; return; }
  failed++;
  console.log(`FAIL ${what}${detail ? `: ${detail}` : ""}`);
};

const folders = [];
const freshFolder = () => { const f = mkdtempSync(join(tmpdir(), "curlew-check-")); folders.push(f); return f; };
process.on("exit", () => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));

// JSON numbers are compared as the text that was printed: exactness is the point.
const parse = (text) => JSON.parse(text.replace(/([:[,]\s*)(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?=\s*[,}\]])/g, '$1"$2"'));
const run = (...args) => {
  const r = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  let json = null;
  try { json = parse(r.stdout); } catch { /* reported by the caller */ }
  return { code: r.status, json, text: r.stdout + r.stderr };
};
const plain = (number) => {
  let text = String(number ?? "").trim();
  if (text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
  return text === "-0" ? "0" : text;
};
const load = (workspace, ...paths) => run("load", "--json", "--workspace", workspace, ...paths);
const totalsOf = (facts) => {
  const totals = {};
  for (const dataset of facts?.datasets ?? [])
    for (const total of dataset.totals ?? []) totals[total.currency] = total;
  return totals;
};

// The collection's README prints totals to 12 decimals; sources with finer amounts are compared there.
const asPrinted = (number) => {
  const [whole, fraction = ""] = plain(number).split(".");
  if (fraction.length <= 12 || whole.startsWith("-")) return plain(number);
  const digits = BigInt(whole + fraction.slice(0, 12)) + (fraction[12] >= "5" ? 1n : 0n);
  const text = String(digits).padStart(13, "0");
  return plain(`${text.slice(0, -12)}.${text.slice(-12)}`);
};

function expectTotals(name, paths, expected) {
  const { json, text } = load(freshFolder(), ...paths.map((p) => join(real, p)));
  const totals = totalsOf(json);
  for (const [currency, measures] of Object.entries(expected))
    for (const [measure, value] of Object.entries(measures))
      check(`${name} ${measure} ${currency}`, asPrinted(totals[currency]?.[measure]) === plain(value),
        `expected ${value}, got ${totals[currency]?.[measure] ?? text.slice(0, 300)}`);
  check(`${name}: only these currencies`, Object.keys(totals).sort().join() === Object.keys(expected).sort().join(), Object.keys(totals).join());
  return json;
}

expectTotals("workshop October", ["workshop-cur-2018/Oct2018-WorkshopCUR-00001.snappy.parquet"], { USD: { billed: "4064.4831315379" } });
expectTotals("workshop November", ["workshop-cur-2018/Nov2018-WorkshopCUR-00001.snappy.parquet"], { USD: { billed: "3505.3269681268" } });
expectTotals("workshop both", ["workshop-cur-2018"], { USD: { billed: "7569.8100996647" } });
expectTotals("FOCUS 1.0 sample", ["focus-1.0-sample/focus_sample.csv"], { USD: { billed: "20.52022672899", effective: "14.97651418586" } });
expectTotals("legacy CSV 2018", ["legacy-csv-2018/test-billing-report-1.csv.gz"], { USD: { billed: "218.1678632876" } });
expectTotals("legacy anonymised 2023", ["legacy-anonymised-2023/sample-anonymous-aws-export-dataset.csv"], { USD: { billed: "1.6823086974" } });
expectTotals("generated legacy 2018-08", ["nise-legacy/nise-koku-local-2018-08.csv.gz"], { USD: { billed: "143227.763678187615" } });
expectTotals("Norwegian crowns", ["nise-legacy/2023-06-01.csv"], { NOK: { billed: "30" } });
expectTotals("FOCUS 1.2 AWS", ["focus-1.2-small/aws_1_2_cost_and_usage_rows100_seed42.csv"], { USD: { billed: "1157.488823772133", effective: "403.459218772133" } });
expectTotals("FOCUS 1.2 Azure", ["focus-1.2-small/azure_1_2_cost_and_usage_rows100_seed42.csv"], { USD: { billed: "3124.499949039804" } });
expectTotals("FOCUS 1.2 Google", ["focus-1.2-small/gcp_1_2_cost_and_usage_rows100_seed42.csv"], { USD: { billed: "837.522223224657" } });
expectTotals("FOCUS 1.3 in two currencies", ["focus-1.2-small/consolidated_multi_provider_1_3.csv"], { USD: { billed: "208" }, EUR: { billed: "100" } });

{
  const { json, text } = load(freshFolder(), join(real, "nise-legacy/November-2023-None.csv"));
  const said = JSON.stringify(json ?? text);
  check("ragged rows are reported with their lines", /ragged|fields|columns/i.test(said) && /lines? \d+/i.test(said), said.slice(0, 400));
}
{
  const { code, text } = load(freshFolder(), join(real, "nise-legacy/empty_frame.csv"));
  check("a header without rows is declined", code !== 0 && /no rows|header/i.test(text), `${code} ${text.slice(0, 200)}`);
}
for (const folder of ["focus-spec-examples", "small"])
  for (const file of readdirSync(join(real, folder))) {
    const { code, text } = load(freshFolder(), join(real, folder, file));
    const impossible = readFileSync(join(real, folder, file), "latin1").match(/\d{4}-\d\d-\d\dT(2[5-9]|[3-9]\d):/);   // two examples state hour 30
    if (impossible) check(`${folder}/${file} is declined for its impossible time`, code !== 0 && text.includes(impossible[0]), text.slice(0, 300));
    else check(`${folder}/${file} loads`, code === 0, text.slice(0, 300));
  }

// The synthetic organisation: every month and measure, and the same month in three formats.
const monthly = (workspace, ...columns) => {
  const sums = columns.map((c) => `sum(${c}) AS sum_${c}`).join(", ");
  const months = `SELECT strftime(BillingPeriodStart, '%Y-%m') AS month, ${sums} FROM bill GROUP BY 1 ORDER BY 1`;
  return Object.fromEntries((run("sql", "--json", "--workspace", workspace, months).json?.rows ?? []).map((r) => [r[0], r]));
};
const truth = JSON.parse(readFileSync(join(world, "truth.json"), "utf8"));
const workspace = freshFolder();
const cur2 = load(workspace, join(world, "cur2"));
check("world loads", cur2.code === 0, cur2.text.slice(0, 300));
const rows = monthly(workspace, "BilledCost", "EffectiveCost", "x_AmortizedCost", "x_UpfrontFee", "x_RowCount");
for (const t of truth.totals.per_month) {
  const r = rows[t.month] ?? [];
  const expected = [["billed", t.net_unblended, r[1]], ["effective", t.net_amortized, r[2]], ["amortized", t.amortized, r[3]],
    ["upfront", t.upfront_charged, r[4]], ["rows", String(t.n_rows), r[5]]];
  for (const [what, value, got] of expected) check(`world ${t.month} ${what}`, plain(got) === plain(value), `expected ${value}, got ${got}`);
}
for (const [folder, month] of [["cur-legacy", "2026-07"], ["focus", "2026-08"]]) {
  const other = freshFolder();
  const loaded = load(other, join(world, folder));
  check(`world ${folder} loads`, loaded.code === 0, loaded.text.slice(0, 300));
  const r = monthly(other, "BilledCost", "EffectiveCost")[month] ?? [];
  check(`world ${folder} ${month} billed`, plain(r[1]) === plain(rows[month]?.[1]), `${r[1]} against ${rows[month]?.[1]}`);
  check(`world ${folder} ${month} effective`, plain(r[2]) === plain(rows[month]?.[2]), `${r[2]} against ${rows[month]?.[2]}`);
  const twice = load(workspace, join(world, folder));
  check(`world cur2 and ${folder} are not added up`, twice.code === 3 && plain(monthly(workspace, "BilledCost")[month]?.[1]) === plain(rows[month]?.[1]), `${twice.code} ${twice.text.slice(0, 200)}`);
}
{
  const together = load(freshFolder(), world);
  check("all copies of one bill together are refused", together.code === 3, `${together.code} ${together.text.slice(0, 200)}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
