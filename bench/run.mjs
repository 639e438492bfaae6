#!/usr/bin/env node
// Measures import, questions and growth on samples, side by side with plain DuckDB on the same data in the same run.
//
//   node bench/run.mjs [--rows 100000,1000000,10000000] [--folder build/bench] [--repeats 15] [--direct-mb 1800] [--write]
//
// (a) the SQL of each question on plain DuckDB over one table of the same lines, over Parquet and over CSV; (b) curlew from words to complete
// JSON, warm and as a cold process; (c) import against CREATE TABLE AS of the same files, and the first answer from a CSV that is read in
// place against DuckDB's scan of it; (d) the same at each number of lines. The server under load: bench/serve.mjs.
// Samples are made once and kept. Prints a report and writes FOLDER/performance.json; --write puts the report into docs/performance.md.
// Ratios are what counts: times depend on the machine, and a machine that does something else spoils both.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const sizes = option("rows", "100000,1000000,10000000").split(",").map(Number);
const folder = option("folder", "build/bench");
const repeats = option("repeats", "15");
const directMb = Number(option("direct-mb", "1800"));
const build = option("build", "build/release");
const program = join(build, "curlew");
const FILES_UP_TO = 12e6; // lines that are also written as Parquet and CSV for (a)

// What is measured is computed, not taken from earlier answers.
process.env.CURLEW_LEARN = "off";

const must = (command, args, settings = {}) => {
  const r = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...settings });
  if (r.status !== 0) { console.error(`${command} ${args.join(" ")} failed:\n${r.stdout}${r.stderr}`); process.exit(1); }
  return r.stdout;
};
const say = (text) => console.error(`${text} …`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Runs a command and gives its wall time and the highest resident memory seen.
const measured = (command, args, env) => new Promise((done) => {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
  let peakKb = 0, out = "";
  const look = setInterval(() => {
    try { peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0)); } catch { /* gone */ }
  }, 20);
  child.stdout.on("data", (d) => { out += d; });
  child.on("close", (code) => {
    clearInterval(look);
    if (code !== 0) { console.error(`${command} ${args.join(" ")} failed`); process.exit(1); }
    done({ seconds: Number(process.hrtime.bigint() - start) / 1e9, peak_mb: Math.round(peakKb / 1024), out });
  });
});

// One statement by DuckDB with nothing around it.
const plainDuckdb = (file, sql) => measured(join(build, "bench/plain_duckdb"), [file, sql]);
const text = (value) => `'${value.replaceAll("'", "''")}'`;

// The lines of a workspace as plain DuckDB would have them: one table, one Parquet file, one CSV file.
const writeLines = (workspace, into, lines) => {
  mkdirSync(into, { recursive: true });
  const files = { parquet: join(into, "lines.parquet"), csv: join(into, "lines.csv"), table: join(into, "table.duckdb") };
  if (existsSync(files.table)) return;
  must(program, ["export", "--workspace", workspace, "--out", files.parquet]);
  must(join(build, "bench/plain_duckdb"), [files.table, `CREATE TABLE bill AS FROM read_parquet(${text(files.parquet)})`]);
  if (lines <= FILES_UP_TO) must(program, ["export", "--workspace", workspace, "--out", files.csv]);
};

const measureSize = async (rows) => {
  const sample = join(folder, `sample-${rows}`), workspace = join(folder, `workspace-${rows}`), plain = join(folder, `plain-${rows}`);
  if (!existsSync(join(sample, "truth.json"))) {
    say(`making a sample of ${rows} lines (once)`);
    must(program, ["sample", "--out", sample, "--rows", String(rows), "--seed", "1"]);
  }
  const exported = join(sample, "cur2");
  say(`importing ${rows} lines`);
  rmSync(workspace, { recursive: true, force: true });
  const load = await measured(program, ["load", "--json", "--workspace", workspace, exported]);
  const lines = JSON.parse(load.out).row_count;
  const copy = join(folder, "copy.duckdb");
  rmSync(copy, { force: true });
  const plainLoad = await plainDuckdb(copy, `CREATE TABLE t AS SELECT * FROM read_parquet(${text(`${exported}/*/data/*/*.parquet`)}, union_by_name=true)`);
  rmSync(copy, { force: true });
  const cold = [];
  for (let i = 0; i < 9; i++) cold.push((await measured(program, ["ask", "--json", "--workspace", workspace, "top 5 services"])).seconds * 1000);
  say(`writing ${rows} lines for plain DuckDB (once)`);
  writeLines(workspace, plain, lines);
  say(`asking ${rows} lines`);
  const warm = JSON.parse(must(join(build, "bench/bench_ask"), [workspace, "bench/questions.txt", repeats, plain]));
  return {
    rows, lines, rollup_rows: warm.rollup_row_count, questions: warm.questions, cold_ms: median(cold),
    import: { seconds: load.seconds, lines_per_s: lines / load.seconds, peak_mb: load.peak_mb },
    plain_import: { seconds: plainLoad.seconds, lines_per_s: lines / plainLoad.seconds, peak_mb: plainLoad.peak_mb },
  };
};

// The first answer from a CSV that nothing is known of: as AWS prints legacy reports, cut to the wanted size.
const measureDirect = async (rows) => {
  const exported = join(folder, `sample-${rows}`, "cur2"), csv = join(folder, `report-${directMb}.csv`);
  if (!existsSync(csv)) {
    say(`writing a report of ${directMb} MB (once)`);
    const source = `SELECT * EXCLUDE (product, resource_tags, cost_category, BILLING_PERIOD), product['product_name'] AS product_product_name, product['region'] AS product_region, ` +
      `resource_tags['user_environment'] AS resource_tags_user_environment, resource_tags['user_project'] AS resource_tags_user_project, ` +
      `resource_tags['user_team'] AS resource_tags_user_team FROM read_parquet(${text(`${exported}/*/data/*/*.parquet`)}, union_by_name=true, hive_partitioning=true)`;
    const scratch = join(folder, "scratch.duckdb");
    must(join(build, "bench/plain_duckdb"), [scratch, `COPY (${source} LIMIT 100000) TO ${text(csv)} (HEADER)`]);
    const wanted = Math.round(100000 * directMb * 1e6 / statSync(csv).size);
    must(join(build, "bench/plain_duckdb"), [scratch, `COPY (${source} LIMIT ${wanted}) TO ${text(csv)} (HEADER)`]);
    rmSync(scratch, { force: true });
  }
  say("asking the report in place");
  const cache = join(folder, "cache"), scratch = join(folder, "scratch.duckdb");
  const first = [], again = [], scan = [], narrow = [];
  for (let i = 0; i < 3; i++) {
    rmSync(cache, { recursive: true, force: true });
    first.push((await measured(program, ["ask", "--direct", "--json", "--data", csv, "top 5 services"], { XDG_CACHE_HOME: cache })).seconds);
    again.push((await measured(program, ["ask", "--direct", "--json", "--data", csv, "top 5 services"], { XDG_CACHE_HOME: cache })).seconds);
    rmSync(scratch, { force: true });
    scan.push((await plainDuckdb(scratch, `CREATE TABLE t AS SELECT count(COLUMNS(*)) FROM read_csv(${text(csv)})`)).seconds);
    rmSync(scratch, { force: true });
    narrow.push((await plainDuckdb(scratch, `CREATE TABLE t AS SELECT line_item_product_code, sum(line_item_unblended_cost) FROM read_csv(${text(csv)}) GROUP BY 1`)).seconds);
  }
  return { size_mb: Math.round(statSync(csv).size / 1e6), first_s: median(first), again_s: median(again), scan_s: median(scan), two_columns_s: median(narrow) };
};

/* --- the report --------------------------------------------------------------------------------------------------------------- */

const number = (n) => Math.round(n).toLocaleString("en");
const million = (n) => (n / 1e6).toFixed(2);

const report = (result) => {
  const out = [];
  const { machine, sizes: all, direct, planning } = result;
  out.push(`Machine: ${machine.cores} cores (${machine.cpu}), ${machine.memory_gb} GB memory; load by other work at the start ${machine.load}. Medians of ${repeats} runs.\n`);
  out.push("## Import\n", "| lines | curlew load, s | lines/s | peak memory | DuckDB CREATE TABLE AS, s | lines/s | ratio |", "|---:|---:|---:|---:|---:|---:|---:|");
  for (const s of all)
    out.push(`| ${million(s.lines)} million | ${s.import.seconds.toFixed(1)} | ${number(s.import.lines_per_s)} | ${s.import.peak_mb} MB | ` +
      `${s.plain_import.seconds.toFixed(1)} | ${number(s.plain_import.lines_per_s)} | ${(s.import.seconds / s.plain_import.seconds).toFixed(2)} |`);
  out.push("\nA load writes the normalised lines, rollups and dictionaries; `CREATE TABLE AS` copies the files as they are.\n");
  if (direct)
    out.push("## Files in place\n", "| CSV never seen before | first answer (`--direct`), s | DuckDB scan of all its columns, s | ratio | of two columns, s | next answers, s |", "|---:|---:|---:|---:|---:|---:|",
      `| ${number(direct.size_mb)} MB | ${direct.first_s.toFixed(2)} | ${direct.scan_s.toFixed(2)} | ${(direct.first_s / direct.scan_s).toFixed(2)} | ${direct.two_columns_s.toFixed(2)} | ${direct.again_s.toFixed(2)} |\n`);
  for (const s of all.filter((size) => size.lines > 5e5)) {
    out.push(`## Questions on ${million(s.lines)} million lines\n`);
    out.push(`Cold process, question to JSON: median ${s.cold_ms.toFixed(0)} ms. Daily rollup: ${number(s.rollup_rows)} rows.\n`);
    out.push("| question, warm | read | planning ms | answer ms | the same SQL on the lines, plain DuckDB: table ms | Parquet ms | CSV ms | answer ÷ table |", "|---|---|---:|---:|---:|---:|---:|---:|");
    for (const q of s.questions)
      out.push(`| ${q.question} | ${q.relation} | ${q.plan_ms} | ${q.answer_ms} | ${q.plain_table_ms} | ${q.plain_parquet_ms ?? "-"} | ${q.plain_csv_ms ?? "-"} | ${q.ratio} |`);
    out.push("");
  }
  out.push("## Growth\n", `| answer ms at lines | ${all.map((s) => million(s.lines) + " million").join(" | ")} |`, `|---|${all.map(() => "---:").join("|")}|`);
  all[0].questions.forEach((q, i) => out.push(`| ${q.question} | ${all.map((s) => s.questions[i].answer_ms).join(" | ")} |`));
  out.push(`| cold process, top 5 services | ${all.map((s) => s.cold_ms.toFixed(0)).join(" | ")} |\n`);
  out.push(`Planning alone, ${planning.questions} wordings (${planning.planned} with a plan): median ${planning.median_ms} ms, ` +
    `99th percentile ${planning.p99_ms} ms, worst ${planning.worst_ms} ms; the words of the bill once: ${planning.lexicon_ms} ms.`);
  return out.join("\n");
};

// The report stands between two marks; what people wrote around it stays.
const writePage = (page, body) => {
  const marks = ["<!-- begin: node bench/run.mjs --write -->", "<!-- end -->"];
  const before = readFileSync(page, "utf8"), from = before.indexOf(marks[0]), to = before.indexOf(marks[1]);
  if (from < 0 || to < from) { console.error(`${page} lacks the marks of the report`); process.exit(1); }
  writeFileSync(page, `${before.slice(0, from + marks[0].length)}\n${body}\n${before.slice(to)}`);
};

must("cmake", ["--build", build, "--target", "curlew", "bench_ask", "bench_plan", "plain_duckdb"]);
mkdirSync(folder, { recursive: true });
const result = { machine: { cores: cpus().length, cpu: cpus()[0].model, memory_gb: Math.round(totalmem() / 2 ** 30), load: loadavg()[0].toFixed(1) }, sizes: [] };
for (const rows of sizes) result.sizes.push(await measureSize(rows));
const largest = Math.max(...sizes);
if (directMb > 0) result.direct = await measureDirect(largest);
result.planning = JSON.parse(must(join(build, "bench/bench_plan"), [join(folder, `workspace-${largest}`), "test/paraphrases.txt", repeats]));
writeFileSync(join(folder, "performance.json"), JSON.stringify(result, null, 1));
const body = report(result);
console.log(body);
if (process.argv.includes("--write")) writePage("docs/performance.md", body);
