#!/usr/bin/env node
// Measures import and questions on a sample of N lines, side by side with plain DuckDB on the same data in the same run.
//
//   node bench/run.mjs [--rows 10000000] [--folder build/bench] [--repeats 15]
//
// The sample is made once and kept. Ratios are what counts: times depend on the machine. Prints a Markdown report.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const rows = Number(option("rows", "10000000"));
const folder = option("folder", "build/bench");
const repeats = option("repeats", "15");
const build = option("build", "build/release");
const program = join(build, "curlew");

// What is measured is computed, not taken from earlier answers.
process.env.CURLEW_LEARN = "off";

const must = (command, args, settings = {}) => {
  const r = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...settings });
  if (r.status !== 0) { console.error(`${command} ${args.join(" ")} failed:\n${r.stdout}${r.stderr}`); process.exit(1); }
  return r.stdout;
};

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
    done({ seconds: Number(process.hrtime.bigint() - start) / 1e9, peakMb: Math.round(peakKb / 1024), out });
  });
});

must("cmake", ["--build", build, "--target", "curlew", "bench_ask", "bench_plan", "plain_duckdb"]);
mkdirSync(folder, { recursive: true });
const sample = join(folder, `sample-${rows}`);
if (!existsSync(join(sample, "truth.json"))) {
  console.error(`making a sample of ${rows} lines (once) …`);
  must(program, ["sample", "--out", sample, "--rows", String(rows), "--seed", "7"]);
}
const lines = JSON.parse(readFileSync(join(sample, "truth.json"), "utf8")).row_count;
const exported = join(sample, "cur2");

// Import: curlew's normalised snapshots, rollups and dictionaries against DuckDB's plain copy of the same files.
const workspace = join(folder, "workspace");
rmSync(workspace, { recursive: true, force: true });
const load = await measured(program, ["load", "--json", "--workspace", workspace, exported]);
const plainFile = join(folder, "plain.duckdb");
rmSync(plainFile, { force: true });
const plain = await measured(join(build, "bench/plain_duckdb"), [plainFile,
  `CREATE TABLE t AS SELECT * FROM read_parquet('${exported}/*/data/*/*.parquet', union_by_name=true)`]);
rmSync(plainFile, { force: true });

// A cold process on the imported workspace.
const cold = [];
for (let i = 0; i < 7; i++) cold.push((await measured(program, ["ask", "--json", "--workspace", workspace, "top 10 services by cost"])).seconds);
cold.sort((a, b) => a - b);

// All inference rules, the picture and the JSON of both: a cold process, started on the imported workspace.
const rules = [];
for (let i = 0; i < 5; i++) rules.push(await measured(program, ["architecture", "--json", "--workspace", workspace]));
rules.sort((a, b) => a.seconds - b.seconds);
const judged = JSON.parse(rules[2].out);

const warm = JSON.parse(must(join(build, "bench/bench_ask"), [workspace, "bench/questions.txt", repeats]));
const planning = JSON.parse(must(join(build, "bench/bench_plan"), [workspace, "test/paraphrases.txt", repeats]));

const million = (n) => (n / 1e6).toFixed(2);
console.log(`## ${million(lines)} million lines, ${cpus().length} cores (${cpus()[0].model})\n`);
console.log("| import | seconds | lines/s | peak memory |");
console.log("|---|---:|---:|---:|");
console.log(`| curlew load | ${load.seconds.toFixed(1)} | ${Math.round(lines / load.seconds).toLocaleString("en")} | ${load.peakMb} MB |`);
console.log(`| DuckDB CREATE TABLE AS | ${plain.seconds.toFixed(1)} | ${Math.round(lines / plain.seconds).toLocaleString("en")} | ${plain.peakMb} MB |`);
console.log(`| ratio | ${(load.seconds / plain.seconds).toFixed(2)} | | |\n`);
console.log(`Daily rollup: ${warm.rollup_row_count.toLocaleString("en")} rows. Cold process, question to JSON: median ${(cold[3] * 1000).toFixed(0)} ms.\n`);
console.log(`Architecture, ${judged.basis.rules_judged} rules of ${judged.basis.rules} judged, ${judged.findings.length} findings, ` +
  `${judged.nodes.length} nodes, process start to JSON: median ${rules[2].seconds.toFixed(2)} s, peak ${rules[2].peakMb} MB.\n`);
console.log(`Planning alone, ${planning.questions} wordings (${planning.planned} with a plan): median ${planning.median_ms} ms, ` +
  `99th percentile ${planning.p99_ms} ms, worst ${planning.worst_ms} ms; the words of the bill once: ${planning.lexicon_ms} ms.\n`);
console.log("| question, warm | relation | planning ms | answer ms | same SQL on the lines, plain DuckDB ms | ratio |");
console.log("|---|---|---:|---:|---:|---:|");
for (const q of warm.questions)
  console.log(`| ${q.question} | ${q.relation} | ${q.plan_ms} | ${q.answer_ms} | ${q.plain_sql_on_lines_ms} | ${q.ratio} |`);
