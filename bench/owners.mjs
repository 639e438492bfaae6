#!/usr/bin/env node
// Measures `curlew owners` on a made bill: resources x lines each (default 100,000 x 100), seven resources a launch, a fifth without the tag.
//
//   node bench/owners.mjs [--build build/release] [--folder DIR] [--resources N] [--lines N]
//
// The bill is made and imported once and kept. Prints seconds from process start to JSON and peak memory, median of five runs.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const build = option("build", "build/release");
const folder = option("folder", join(tmpdir(), "curlew-bench-owners"));
const resources = Number(option("resources", "100000")), lines = Number(option("lines", "100"));
const program = join(build, "curlew"), bill = join(folder, `bill-${resources}-${lines}.parquet`);
const workspace = join(folder, `workspace-${resources}-${lines}`);
mkdirSync(folder, { recursive: true });

const must = (command, args) => {
  const run = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  if (run.status !== 0) { console.error(`${command} failed: ${run.stderr}`); process.exit(1); }
  return run.stdout;
};
const measured = (args) => new Promise((done) => {
  const start = process.hrtime.bigint(), child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let peakKb = 0, out = "";
  const look = setInterval(() => {
    try { peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0)); } catch { /* it has ended */ }
  }, 20);
  child.stdout.on("data", (text) => { out += text; });
  child.on("exit", () => { clearInterval(look); });
  child.on("close", () => done({ seconds: Number(process.hrtime.bigint() - start) / 1e9, peakMb: Math.round(peakKb / 1024), out }));
});

if (!existsSync(bill)) {
  const scratch = join(folder, "scratch.duckdb");
  must(join(build, "bench/plain_duckdb"), [scratch, `COPY (
    WITH r AS (SELECT i, hash(i) % 1000000 AS h, hash(i // 7) AS lh FROM range(${resources}) t(i)),
    q AS (SELECT *, lh % 12 AS team, (lh // 12 % 1900)::INT AS start_hour, (lh // 7919 % 20)::INT AS account FROM r)
    SELECT '111122223333' AS bill_payer_account_id, date_trunc('month', ts) AS bill_billing_period_start_date,
      date_trunc('month', ts) + INTERVAL 1 MONTH AS bill_billing_period_end_date, (account + 100000000000)::VARCHAR AS line_item_usage_account_id,
      'account-' || account AS line_item_usage_account_name, 'Usage' AS line_item_line_item_type, ts AS line_item_usage_start_date,
      ts + INTERVAL 1 HOUR AS line_item_usage_end_date, 'AmazonEC2' AS line_item_product_code,
      CASE WHEN i % 2 = 0 THEN 'BoxUsage:m5.large' ELSE 'EBS:VolumeUsage.gp3' END AS line_item_usage_type, 'RunInstances' AS line_item_operation,
      CASE WHEN i % 2 = 0 THEN 'i-' ELSE 'vol-' END || substr(md5(i::VARCHAR), 1, 17) AS line_item_resource_id, 1.0 AS line_item_usage_amount,
      'USD' AS line_item_currency_code, (0.01 + h / 1e7)::DOUBLE AS line_item_unblended_cost, '' AS line_item_line_item_description,
      'us-east-1' AS product_region_code, CASE WHEN h % 10 < 8 THEN MAP {'user_team': 'team-' || team, 'user_project': 'p' || (lh % 40)}
        WHEN h % 10 < 9 THEN MAP {'user_project': 'p' || (lh % 40)} ELSE MAP {}::MAP(VARCHAR, VARCHAR) END AS resource_tags
    FROM (SELECT *, TIMESTAMP '2026-07-01' + to_hours((start_hour + n)::INT) AS ts FROM q, range(${lines}) g(n))
  ) TO '${bill.replaceAll("'", "''")}' (FORMAT parquet)`]);
  rmSync(scratch, { force: true });
}
if (!existsSync(workspace)) must(program, ["load", "--workspace", workspace, bill]);
const runs = [];
for (let i = 0; i < 5; i++) runs.push(await measured(["owners", "--json", "--tag", "team", "--workspace", workspace]));
runs.sort((a, b) => a.seconds - b.seconds);
const report = JSON.parse(runs[2].out);
console.log(`owners: ${report.basis.resources} resources, ${(resources * lines).toLocaleString("en")} lines, ${report.basis.untagged_resources} without the tag: ` +
  `${runs[2].seconds.toFixed(2)} s, peak ${runs[2].peakMb} MB`);
