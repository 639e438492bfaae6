// Owners: who likely owns what has no owner tag, how sure that is, and how that was examined.

import { useMemo, useState } from "preact/hooks";
import { call } from "../api.ts";
import { Icon } from "../components/icon.tsx";
import { Empty, Failure, saveText, Skeleton, useLoaded } from "../components/parts.tsx";
import { Choices, Popover } from "../components/popover.tsx";
import { Table } from "../components/table.tsx";
import type { Cell, Column, OwnedResource, Owners, SelfExam } from "../contract.ts";
import { addDecimal, decimalText, displayCount, displayDecimal, displayNumber, parseDecimal, ZERO, type Decimal } from "../number.ts";
import { hasOperation, useStore } from "../store.ts";
import { NothingLoaded } from "./nothing.tsx";
import { CoverageCurve, ReliabilityPlot } from "./owners-plots.tsx";

export function OwnersPage() {
    const datasets = useStore((state) => state.datasets);
    if (!datasets.length) return <NothingLoaded />;
    if (!hasOperation("owners"))
        return (
            <Empty icon="owners" title="Not part of this version">
                <p>This server does not offer the owners operation. What is tagged, and what is not, can be asked.</p>
                <a class="button primary" href="/ask">Ask a question</a>
            </Empty>
        );
    return <Loading />;
}

function Loading() {
    const dataset = useStore((state) => state.dataset);
    const version = useStore((state) => state.data_version);
    const tags = useStore((state) => state.profile)?.columns["tag"] ?? [];
    const [tag, setTag] = useState<string | null>(null);
    const [loaded, again] = useLoaded((signal) => call<Owners>("owners", { ...(dataset && dataset !== "bill" ? { dataset } : {}), ...(tag ? { tag } : {}) }, signal), [dataset, version, tag]);
    return (
        <div class="stack">
            <div class="row">
                <Popover class="button selector" title="Tag key" label={<><span>tag: {tag ?? (loaded.state === "ready" ? loaded.value.tag : "…")}</span><Icon name="down" size={13} /></>}>
                    {(close) => <Choices current={tag ?? undefined} choices={tags.map((column) => ({ value: column.key ?? column.label, label: column.label }))} empty="This bill has no tags." onChoose={(key) => { close(); setTag(key); }} />}
                </Popover>
            </div>
            {loaded.state === "loading" && <div class="stack" aria-busy="true"><p class="quiet" role="status">Weighing the evidence for each resource …</p><Skeleton height={110} /><Skeleton height={420} /></div>}
            {loaded.state === "failed" && <Failure message={loaded.message} again={again} />}
            {loaded.state === "ready" && <View owners={loaded.value} />}
        </div>
    );
}

export const probabilityOf = (resource: OwnedResource): number => Number(resource.probability ?? 0);

function sumOf(resources: OwnedResource[]): Decimal {
    return resources.reduce((sum, resource) => addDecimal(sum, parseDecimal(resource.monthly_cost) ?? ZERO), ZERO);
}

const percent = (part: number): string => displayNumber((part * 100).toFixed(1), "percent");

function View({ owners }: { owners: Owners }) {
    const currency = useStore((state) => state.profile)?.totals?.[0]?.currency ?? null;
    const unit = currency;
    const [threshold, setThreshold] = useState(0.9);
    const sure = useMemo(() => owners.resources.filter((resource) => resource.owner !== null && probabilityOf(resource) >= threshold), [owners, threshold]);
    const whole = sumOf(owners.resources), covered = sumOf(sure);
    const wholeNumber = Number(decimalText(whole));
    const exam = owners.self_exam;
    if (!owners.resources.length) return <Empty icon="check" title="Everything has an owner"><p>No resource is without the tag “{owners.tag}”.</p></Empty>;
    return (
        <>
            <section class="panel owners-head">
                <dl class="figures">
                    <div><dt>without the tag</dt><dd>{displayCount(owners.resources.length)}</dd></div>
                    <div><dt>cost a month</dt><dd>{displayDecimal(whole, unit)}</dd></div>
                    <div><dt>attributed at {percent(threshold)}</dt><dd>{displayCount(sure.length)}</dd></div>
                    <div><dt>their cost</dt><dd>{displayDecimal(covered, unit)} {wholeNumber > 0 && <small class="quiet">{percent(Number(decimalText(covered)) / wholeNumber)}</small>}</dd></div>
                </dl>
                <label class="slider">
                    <span>least probability <strong>{percent(threshold)}</strong></span>
                    <input type="range" min={0} max={1} step={0.01} value={threshold} aria-valuetext={percent(threshold)} onInput={(event) => setThreshold(Number(event.currentTarget.value))} />
                </label>
                <div class="row">
                    <button type="button" class="button" disabled={!sure.length} onClick={() => saveText(`tag-${owners.tag.replace(/[^A-Za-z0-9_-]+/g, "-")}.sh`, tagCommands(owners.tag, sure), "text/x-shellscript")}><Icon name="download" size={16} />Tag commands for {displayCount(sure.length)}</button>
                    <span class="quiet small-text">For review before they are run: one command a resource.</span>
                </div>
            </section>
            <div class="columns">
                <section class="panel"><h2>Coverage and precision</h2><CoverageCurve owners={owners} threshold={threshold} /></section>
                <section class="panel"><h2>Reliability</h2>{exam?.reliability?.length ? <ReliabilityPlot exam={exam} /> : <p class="quiet">{exam?.why_not ?? "Too few resources have the tag to examine this on."}</p>}{exam && <Exam exam={exam} />}</section>
            </div>
            <section class="panel"><h2>Likely owners</h2><Attributions resources={sure} unit={unit} /></section>
            <RollUp owners={owners} sure={sure} unit={unit} />
            <Abstained resources={owners.resources.filter((resource) => !sure.includes(resource))} unit={unit} />
        </>
    );
}

function Exam({ exam }: { exam: SelfExam }) {
    const facts: [string, string | null][] = [
        ["hidden and guessed", exam.hidden_resources !== undefined ? displayCount(exam.hidden_resources) : null],
        ["right at 90% and more", exam.precision_at_90 != null ? percent(Number(exam.precision_at_90)) : null],
        ["of resources reach 90%", exam.coverage_at_90 != null ? percent(Number(exam.coverage_at_90)) : null],
        ["Brier score", exam.brier != null ? Number(exam.brier).toFixed(3) : null],
        ["calibration error", exam.ece != null ? Number(exam.ece).toFixed(3) : null],
        ...Object.entries(exam.baselines ?? {}).map(([name, measures]): [string, string | null] => [`right: ${name.replace(/_/g, " ")}`, measures["accuracy"] != null ? percent(Number(measures["accuracy"])) : null]),
        ["right: this", exam.accuracy != null ? percent(Number(exam.accuracy)) : null],
    ];
    return <dl class="pairs exam">{facts.filter(([, value]) => value !== null).map(([name, value]) => <><dt>{name}</dt><dd>{value}</dd></>)}</dl>;
}

const HEADS = (unit: string | null): Column[] => [
    { name: "resource", label: "resource", type: "text", unit: null },
    { name: "owner", label: "likely owner", type: "text", unit: null },
    { name: "probability", label: "probability", type: "percent", unit: "percent" },
    { name: "cost", label: "cost a month", type: "decimal", unit },
    { name: "evidence", label: "evidence", type: "text", unit: null },
    { name: "runner", label: "else", type: "text", unit: null },
];

function attributionRow(resource: OwnedResource): Cell[] {
    const guess = resource.owner ?? resource.likeliest?.owner ?? null;
    const sure = resource.owner !== null ? resource.probability : (resource.likeliest?.probability ?? null);
    const runner = resource.runner_up;
    return [
        resource.resource_id, guess, sure === null || sure === undefined ? null : (Number(sure) * 100).toFixed(2), resource.monthly_cost,
        resource.evidence.join("; "), runner ? `${runner.owner}${runner.probability != null ? ` ${percent(Number(runner.probability))}` : ""}` : null,
    ];
}

function Attributions({ resources, unit }: { resources: OwnedResource[]; unit: string | null }) {
    const columns = useMemo(() => HEADS(unit), [unit]);
    const rows = useMemo(() => resources.map(attributionRow), [resources]);
    const display = useMemo(() => rows.map((row) => row.map((cell, at) => (at === 2 || at === 3 ? displayNumber(cell as string, columns[at]!.unit) : (cell === null ? "–" : String(cell))))), [rows]);
    if (!rows.length) return <p class="quiet">No resource reaches this probability.</p>;
    return <Table columns={columns} rows={rows} display={display} caption="Likely owners" />;
}

function Abstained({ resources, unit }: { resources: OwnedResource[]; unit: string | null }) {
    if (!resources.length) return null;
    return (
        <section class="panel">
            <details>
                <summary><strong>Not attributed</strong> <span class="quiet">{displayCount(resources.length)} resources, {displayDecimal(sumOf(resources), unit)} a month</span></summary>
                <div class="details-body"><Attributions resources={resources} unit={unit} /></div>
            </details>
        </section>
    );
}

/** What each owner's tag says today, and with what is attributed at this probability. */
function RollUp({ owners, sure, unit }: { owners: Owners; sure: OwnedResource[]; unit: string | null }) {
    const added = new Map<string, Decimal>();
    for (const resource of sure) added.set(resource.owner!, addDecimal(added.get(resource.owner!) ?? ZERO, parseDecimal(resource.monthly_cost) ?? ZERO));
    const all = [...new Set([...owners.rollup.flatMap((share) => (share.owner ? [share.owner] : [])), ...added.keys()])];
    if (!all.length) return null;
    const rows = all.map((owner): Cell[] => {
        const share = owners.rollup.find((have) => have.owner === owner);
        const before = parseDecimal(share?.monthly_tagged_cost) ?? ZERO, plus = added.get(owner) ?? ZERO;
        return [owner, decimalText(before), decimalText(plus), decimalText(addDecimal(before, plus)), sure.filter((resource) => resource.owner === owner).length];
    });
    const columns = ROLL_UP(unit);
    const display = rows.map((row) => row.map((cell, at) => (columns[at]!.type === "decimal" ? displayNumber(cell as string, unit) : String(cell))));
    return <section class="panel"><h2>Roll-up, a month</h2><Table columns={columns} rows={rows} display={display} caption="Cost by owner, before and after" visible={10} /></section>;
}

const ROLL_UP = (unit: string | null): Column[] => [
    { name: "owner", label: "owner", type: "text", unit: null },
    { name: "before", label: "tagged today", type: "decimal", unit },
    { name: "added", label: "attributed", type: "decimal", unit },
    { name: "after", label: "together", type: "decimal", unit },
    { name: "resources", label: "resources", type: "integer", unit: null },
];

/** A word that a POSIX shell takes as it stands, whatever is in it. */
const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

export function tagCommands(tag: string, resources: OwnedResource[]): string {
    const lines = ["#!/bin/sh", "# Owners that curlew found likely. Look at each before you run it.", "set -eu", ""];
    for (const resource of resources) {
        const id = resource.resource_id;
        const region = resource.region ? ` --region ${quoted(resource.region)}` : "";
        lines.push(
            `# ${percent(probabilityOf(resource))}: ${resource.evidence.join("; ").replace(/[\r\n]+/g, " ")}`,
            id.startsWith("arn:")
                ? `aws resourcegroupstaggingapi tag-resources --resource-arn-list ${quoted(id)} --tags ${quoted(JSON.stringify({ [tag]: resource.owner }))}${region}`
                : /^(i|vol|snap|eni|nat|vpc|subnet|eipalloc|ami|igw|vpce|tgw|tgw-attach)-[0-9a-z]+$/.test(id)
                  ? `aws ec2 create-tags --resources ${quoted(id)} --tags ${quoted(JSON.stringify([{ Key: tag, Value: resource.owner }]))}${region}`
                  : `# no ARN in the bill: tag ${quoted(id).replace(/[\r\n]+/g, " ")} by hand`,
        );
    }
    return `${lines.join("\n")}\n`;
}
