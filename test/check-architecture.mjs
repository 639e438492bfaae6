#!/usr/bin/env node
// Judges the architecture inferencer on worlds whose waste is known: `node test/check-architecture.mjs --program build/asan/curlew`.
//
// Samples of several seeds carry planted waste and look-alikes in their truth.json. Checked: what is planted is found and is worth what
// was planted, nothing that only looks alike is reported as proven or likely, savings never exceed the cost that they touch, twice the same
// bytes. A larger world is judged too where it stands beside the project.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const program = option("program", "build/asan/curlew");
const shared = option("shared", process.env.CURLEW_SHARED ?? "../shared");
const SEEDS = option("seeds", "3,8").split(",");
const ROWS = option("rows", "30000");
const RECALL = 0.95, TOLERANCE = 0.1, PRECISION = 0.9;

let passed = 0, failed = 0;
const check = (what, good, detail = "") => {
  if (good) passed++;
  else { failed++; console.log(`FAILED ${what}${detail ? `: ${detail}` : ""}`); }
};
const run = (args) => spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
const cents = (amount) => Math.round(Number(amount) * 100);
const tail = (id) => String(id).toLowerCase().split(/[/:]/).pop();
const idsOf = (list) => new Set((list ?? []).map((r) => tail(r.resource ?? r)));

// Sums within the report, and against what each resource costs on the bill.
function checkSums(name, report, data) {
  const saved = new Map();
  for (const finding of report.findings) {
    const { low, best, high } = finding.monthly_saving;
    check(`${name}: range of ${finding.rule}`, low <= best && best <= high && high <= finding.monthly_cost + 0.005, JSON.stringify(finding.monthly_saving));
    const own = finding.resources.reduce((sum, r) => sum + cents(r.monthly_saving), 0);
    if (finding.resources.length) check(`${name}: resources of ${finding.rule} add up`, own === cents(best), `${own} and ${cents(best)}`);
    for (const r of finding.resources) {
      const sum = cents(r.monthly_saving) + cents(r.freed_under_commitment ?? 0);
      saved.set(r.resource, (saved.get(r.resource) ?? 0) + sum);
    }
  }
  const { start, end } = report.basis.period;
  const rows = run(["sql", "--json", "--data", data, "SELECT ResourceId, sum(EffectiveCost) AS cost FROM bill WHERE x_ChargeDate >= DATE " +
    `'${start}' AND x_ChargeDate < DATE '${end}' AND ResourceId <> '' GROUP BY ResourceId HAVING sum(EffectiveCost) > 0`]);
  const costs = new Map(JSON.parse(rows.stdout).rows.map(([id, cost]) => [id, cost]));
  const over = [...saved].filter(([id, sum]) => costs.has(id) && sum > cents(costs.get(id)) + 2);
  check(`${name}: no resource saves more than it costs`, over.length === 0, JSON.stringify(over.slice(0, 3)));
}

function checkFound(name, report, truth) {
  let usd = 0, foundUsd = 0, right = 0, found = 0, alarms = 0, explained = 0;
  const sure = report.findings.filter((f) => f.class !== "C");
  for (const planted of truth.findings) {
    const wanted = idsOf(planted.resources), kinds = [planted.kind, ...(planted.same_as ?? [])];
    const hits = report.findings.filter((f) => kinds.includes(f.rule) && (wanted.size === 0 || [...idsOf(f.resources)].some((id) => wanted.has(id))));
    const named = new Set(hits.flatMap((f) => [...idsOf(f.resources)]));
    usd += Number(planted.monthly_saving);
    const hit = hits.length && (wanted.size === 0 || [...wanted].filter((id) => named.has(id)).length * 2 >= wanted.size);
    if (!hit) { console.log(`  missed ${name} ${planted.kind} ${planted.monthly_saving}`); continue; }
    found++;
    foundUsd += Number(planted.monthly_saving);
    const own = hits.flatMap((f) => f.resources).filter((r) => wanted.has(tail(r.resource)));
    const best = own.length ? own.reduce((s, r) => s + r.monthly_saving, 0) : hits.reduce((s, f) => s + f.monthly_saving.best, 0);
    const low = hits.reduce((s, f) => s + f.monthly_saving.low, 0), high = hits.reduce((s, f) => s + f.monthly_saving.high, 0);
    const [from, to] = (planted.saving_range ?? [planted.monthly_saving, planted.monthly_saving]).map(Number);
    const near = Math.abs(best - Number(planted.monthly_saving)) <= TOLERANCE * Number(planted.monthly_saving) + 0.5;
    if (near || planted.overlaps || (low <= to * 1.05 && high >= from * 0.95)) right++;
    else console.log(`  ${name} ${planted.kind}: ${best} instead of ${planted.monthly_saving}`);
  }
  for (const f of sure) {
    const names = idsOf(f.resources);
    const decoy = truth.decoys.find((d) => d.looks_like === f.rule && [...idsOf(d.resources)].some((id) => names.has(id)));
    if (decoy) { alarms++; console.log(`  decoy ${name} ${f.rule}: ${decoy.why_not}`); }
    const known = truth.findings.some((p) => [p.kind, ...(p.same_as ?? [])].includes(f.rule)) || truth.also_true.some((a) => a.kind === f.rule);
    if (known && !decoy) explained++;
    else if (!decoy) console.log(`  unexplained ${name} ${f.rule}: ${f.title}`);
  }
  check(`${name}: recall by saving`, foundUsd >= RECALL * usd, `${foundUsd.toFixed(2)} of ${usd.toFixed(2)}`);
  check(`${name}: savings right`, right >= 0.9 * found, `${right} of ${found}`);
  check(`${name}: no decoy`, alarms === 0);
  check(`${name}: precision`, explained >= PRECISION * sure.length, `${explained} of ${sure.length}`);
}

function judge(name, data, truthFile) {
  const truth = JSON.parse(readFileSync(truthFile, "utf8"));
  if (!truth.findings) return;
  const args = ["architecture", "--json", "--data", data, "--period", truth.basis_month];
  const first = run(args), second = run(args);
  check(`${name}: runs`, first.status === 0, first.stderr);
  if (first.status !== 0) return;
  check(`${name}: twice the same`, first.stdout === second.stdout);
  const report = JSON.parse(first.stdout);
  check(`${name}: every rule has an opinion`, report.not_judged.every((n) => !n.needs.some((need) => need.startsWith("another query"))),
    JSON.stringify(report.not_judged.filter((n) => n.needs.some((need) => need.startsWith("another query")))));
  check(`${name}: nodes and edges`, report.nodes.length > 0 && report.edges.every((e) => report.nodes.some((n) => n.id === e.from) && report.nodes.some((n) => n.id === e.to)));
  checkSums(name, report, data);
  checkFound(name, report, truth);
}

const folder = mkdtempSync(join(tmpdir(), "curlew-architecture-"));
try {
  for (const seed of SEEDS) {
    const out = join(folder, `seed-${seed}`);
    const made = run(["sample", "--out", out, "--rows", ROWS, "--seed", seed]);
    check(`sample ${seed}`, made.status === 0, made.stderr);
    if (made.status === 0) judge(`seed ${seed}`, join(out, "cur2"), join(out, "truth.json"));
  }
  const world = join(shared, "data/world-a");
  if (existsSync(join(world, "truth.json"))) judge("world a", join(world, "cur2"), join(world, "truth.json"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`architecture: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
