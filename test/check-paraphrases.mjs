#!/usr/bin/env node
// Asks every question of test/paraphrases.txt in each of its wordings: what means the same is answered the same.
//
//   node test/check-paraphrases.mjs --program build/release/curlew [--verbose]
//
// A wording is right when its rows are those of the group's question. It is counted apart when it is declined or asked back (at most 5 %
// may be) and is a failure when it is answered otherwise; none may be. A wording with a slip of the pen ("~") may be asked about.
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT, chooseProgram, readOptions, finish } from "./steps.mjs";

const ALLOWED_DECLINED = 0.05;
// Checks are all called alike: --shared names a collection that this one does not need.
const options = readOptions({ program: "", shared: "", verbose: false });
const program = chooseProgram(options.program);
const bill = join(ROOT, "test/fixtures/hard/bill.csv.gz");

function ask(question) {
  const run = spawnSync(program, ["ask", "--json", "--data", bill, question], { encoding: "utf8", maxBuffer: 1 << 26 });
  try { return JSON.parse(run.stdout); } catch { return { status: "error", reason: { code: "", message: run.stderr } }; }
}
// Rows regardless of their order where nothing but the order differs ("A vs B", "B vs A"): the numbers and names are what is told.
const told = (answer) => JSON.stringify([...answer.rows.map((row) => JSON.stringify(row))].sort());
// The change from A to B is that from B to A with the other sign: a comparison tells its two sides.
const same = (a, b) => told(a) === told(b);

const groups = [];
for (const line of readFileSync(join(ROOT, "test/paraphrases.txt"), "utf8").split("\n")) {
  if (!line.trim() || line.startsWith("#")) continue;
  if (line.startsWith("= ")) groups.push({ question: line.slice(2), wordings: [], slips: [] });
  else if (line.startsWith("~ ")) groups.at(-1).slips.push(line.slice(2));
  else groups.at(-1).wordings.push(line);
}

let right = 0, declined = 0, wrong = 0, total = 0;
for (const group of groups) {
  const answer = ask(group.question);
  if (answer.status !== "answered") {
    console.log(`FAILED the question itself is not answered: ${group.question}: ${answer.reason?.message}`);
    wrong++;
    continue;
  }
  for (const wording of [...group.wordings, ...group.slips]) {
    const other = ask(wording);
    const slip = group.slips.includes(wording);
    const named = slip && other.status !== "answered" && (other.reason?.nearest?.length > 0 || other.status === "clarify");
    total++;
    if (named || (other.status === "answered" && same(answer, other))) right++;
    else if (other.status === "answered") {
      wrong++;
      console.log(`FAILED answered otherwise: ${wording}\n    ${other.paraphrase}\n    not as: ${group.question}\n    ${answer.paraphrase}`);
    } else {
      declined++;
      console.log(`declined: ${wording}: ${other.reason?.code} ${other.reason?.message}`);
    }
  }
}
const few = declined <= ALLOWED_DECLINED * total;
if (!few) console.log(`FAILED ${declined} of ${total} wordings are declined: more than ${100 * ALLOWED_DECLINED} %`);
console.log(`${groups.length} questions, ${total} wordings: ${right} alike, ${declined} declined, ${wrong} otherwise`);
finish("paraphrases", right + (few ? declined : 0), wrong + (few ? 0 : declined));
