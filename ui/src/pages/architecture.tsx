// Architecture: the system as the bill shows it, and what could be saved. Findings by family; the diagram where the server draws one.

import { useMemo, useState } from "preact/hooks";
import { call } from "../api.ts";
import { Diagram, type Selected } from "../components/diagram.tsx";
import { FindingView } from "../components/finding.tsx";
import { Icon } from "../components/icon.tsx";
import { Empty, Failure, Skeleton, useLoaded } from "../components/parts.tsx";
import type { Architecture, Finding, Range } from "../contract.ts";
import { displayNumber } from "../number.ts";
import { periodLabel } from "../plan.ts";
import { hasOperation, useStore } from "../store.ts";
import { NothingLoaded } from "./nothing.tsx";

export function ArchitecturePage() {
    const datasets = useStore((state) => state.datasets);
    if (!datasets.length) return <NothingLoaded />;
    if (!hasOperation("architecture"))
        return (
            <Empty icon="architecture" title="Not part of this version">
                <p>This server does not offer the architecture operation. What unusual days, commitments and drivers there are can be asked.</p>
                <a class="button primary" href="/ask">Ask a question</a>
            </Empty>
        );
    return <Loading />;
}

function Loading() {
    const dataset = useStore((state) => state.dataset);
    const period = useStore((state) => state.period);
    const version = useStore((state) => state.data_version);
    // The operation judges one month: the selected period's when that is a month, else the last complete one.
    const month = period?.start?.endsWith("-01") && period.end?.endsWith("-01") ? period.start.slice(0, 7) : null;
    const [loaded, again] = useLoaded((signal) => call<Architecture>("architecture", { ...(dataset && dataset !== "bill" ? { dataset } : {}), ...(month ? { period: month } : {}) }, signal), [dataset, month, version]);
    if (loaded.state === "loading") return <div class="stack" aria-busy="true"><p class="quiet" role="status">Looking for costly patterns in the lines …</p><Skeleton height={110} /><Skeleton height={380} /><Skeleton height={240} /></div>;
    if (loaded.state === "failed") return <Failure message={loaded.message} again={again} />;
    return <View architecture={loaded.value} />;
}

const CLASS_WORDS: { [name: string]: string } = { A: "sure", B: "likely", C: "to look into" };

function View({ architecture }: { architecture: Architecture }) {
    const [selected, setSelected] = useState<Selected | null>(null);
    const [classes, setClasses] = useState<string[]>(["A", "B", "C"]);
    const [dismissed, setDismissed] = useState<Set<string>>(new Set());
    const { findings, basis, totals } = architecture;
    const unit = basis.currency ?? null;
    const shown = findings.filter((finding) => classes.includes(finding.class) && !dismissed.has(keyOf(finding)));
    const families = useMemo(() => byFamily(shown), [shown.map(keyOf).join(), architecture]);
    const toggle = (name: string): void => setClasses((have) => (have.includes(name) ? have.filter((one) => one !== name) : [...have, name]));
    return (
        <div class="stack">
            <section class="panel savings" aria-label="Possible savings">
                <div>
                    <h2>Possible saving a month</h2>
                    <p class="stat-value">{totals?.monthly_saving ? displayNumber(totals.monthly_saving.best, unit) : "–"}</p>
                    {totals?.monthly_saving && <p class="quiet">{rangeText(totals.monthly_saving, unit)}{totals.annual_saving ? `; ${displayNumber(totals.annual_saving, unit)} a year` : ""}</p>}
                </div>
                <dl class="figures">
                    {(["A", "B", "C"] as const).map((name) => totals?.[name] && (
                        <div><dt><span class={`class-mark class-${name}`}>{name}</span> {CLASS_WORDS[name]}</dt><dd>{displayNumber(totals[name]!.best, unit)}</dd></div>
                    ))}
                </dl>
                <p class="quiet small-text savings-basis">
                    {basis.period ? periodLabel(basis.period.start, basis.period.end) : ""}{basis.cost ? `, cost ${basis.cost}` : ""}{basis.rules ? `; ${basis.rules_judged} of ${basis.rules} rules could be judged` : ""}
                </p>
            </section>
            {architecture.nodes.length > 0
                ? <Diagram nodes={architecture.nodes} edges={architecture.edges} unit={unit} period={basis.period ?? null} selected={selected} onSelect={setSelected} />
                : <p class="note"><Icon name="info" size={16} />This server names no parts of the system for a diagram; the findings below stand for themselves.</p>}
            {architecture.statements.length > 0 && (
                <section class="panel">
                    <h2>What the bill says about the system</h2>
                    <ul class="statements">
                        {architecture.statements.map((statement) => (
                            <li>
                                <details>
                                    <summary>{statement.text}</summary>
                                    <ul class="evidence">{(statement.evidence ?? []).map((text) => <li>{text}</li>)}</ul>
                                </details>
                            </li>
                        ))}
                    </ul>
                </section>
            )}
            <section aria-label="Findings">
                <div class="row findings-head">
                    <h2>Findings <span class="quiet">{shown.length}</span></h2>
                    <div class="segmented" role="group" aria-label="How sure">
                        {["A", "B", "C"].map((name) => <button type="button" aria-pressed={classes.includes(name)} onClick={() => toggle(name)}>{name}: {CLASS_WORDS[name]}</button>)}
                    </div>
                    {dismissed.size > 0 && <button type="button" class="button small" onClick={() => setDismissed(new Set())}>Show {dismissed.size} put aside</button>}
                </div>
                {shown.length === 0 && <p class="quiet">Nothing of the chosen kinds was found.</p>}
                {families.map(([family, list]) => (
                    <section class="family" aria-label={family}>
                        <h3>{family}</h3>
                        <ul class="findings">
                            {list.map((finding) => (
                                <FindingView key={keyOf(finding)} finding={finding} unit={unit} month={basis.period?.start ?? null}
                                    onDismiss={() => setDismissed((have) => new Set([...have, keyOf(finding)]))} />
                            ))}
                        </ul>
                    </section>
                ))}
            </section>
            {architecture.not_judged.length > 0 && (
                <section class="panel">
                    <details>
                        <summary><strong>Not judged</strong> <span class="quiet">{architecture.not_judged.length} rules need what this bill does not say</span></summary>
                        <ul class="not-judged">{architecture.not_judged.map((rule) => <li><code>{rule.rule}</code> needs {rule.needs.join(", ")}</li>)}</ul>
                    </details>
                </section>
            )}
        </div>
    );
}

const keyOf = (finding: Finding): string => [finding.rule, finding.account, finding.region, finding.title].join("\u0000");

export const rangeText = (range: Range, unit: string | null): string =>
    String(range.low) === String(range.high) ? displayNumber(range.best, unit) : `${displayNumber(range.low, unit)} to ${displayNumber(range.high, unit)}`;

function byFamily(findings: Finding[]): [string, Finding[]][] {
    const families = new Map<string, Finding[]>();
    for (const finding of findings) {
        const family = finding.family ?? "Findings";
        families.set(family, [...(families.get(family) ?? []), finding]);
    }
    return [...families];
}
