// One finding of the architecture rules: what it is, what it may save, why, how to check and how to fix; a text for a ticket.

import type { Finding, FindingResource } from "../contract.ts";
import { displayNumber } from "../number.ts";
import { Icon } from "./icon.tsx";
import { copyText } from "./parts.tsx";
import { Table } from "./table.tsx";

interface Props {
    finding: Finding;
    unit: string | null;
    month: string | null;
    onDismiss: () => void;
}

const saving = (finding: Finding, unit: string | null): string => {
    const range = finding.monthly_saving;
    if (!range) return "–";
    return String(range.low) === String(range.high) ? displayNumber(range.best, unit) : `${displayNumber(range.low, unit)} to ${displayNumber(range.high, unit)}`;
};

const resourcesOf = (finding: Finding): FindingResource[] => finding.resources.map((one) => (typeof one === "string" ? { resource: one } : one));

/** Plain text for a ticket, in the order in which one reads it. */
export function ticketText(finding: Finding, unit: string | null): string {
    const lines = [finding.title, "", `Possible saving a month: ${saving(finding, unit)} (of ${displayNumber(finding.monthly_cost, unit)})`];
    const add = (title: string, texts: string[]): void => {
        if (texts.length) lines.push("", `${title}:`, ...texts.map((text) => `- ${text}`));
    };
    if (finding.account) lines.push(`Account: ${finding.account}${finding.account_name ? ` (${finding.account_name})` : ""}`);
    if (finding.region) lines.push(`Region: ${finding.region}`);
    lines.push(`Rule: ${finding.rule} (class ${finding.class}); effort ${finding.effort ?? "?"}, risk ${finding.risk ?? "?"}`);
    if (finding.formula) lines.push(`Formula: ${finding.formula}`);
    add("Evidence", finding.evidence);
    add("Resources", resourcesOf(finding).map((one) => `${one.resource}${one.monthly_saving !== undefined ? `: ${displayNumber(one.monthly_saving, unit)}` : ""}`));
    add("May be wrong when", finding.false_positives ?? []);
    add("Check first", finding.verify);
    add("Then, one by one", finding.remediate);
    return lines.join("\n");
}

export function FindingView({ finding, unit, onDismiss }: Props) {
    const resources = resourcesOf(finding);
    return (
        <li class="finding">
            <details>
                <summary>
                    <span class={`class-mark class-${finding.class}`} title={`class ${finding.class}`}>{finding.class}</span>
                    <span class="finding-title">{finding.title}<small class="quiet">{[finding.account_name ?? finding.account, finding.region].filter(Boolean).join(" · ")}</small></span>
                    <span class="finding-saving"><strong>{finding.monthly_saving ? displayNumber(finding.monthly_saving.best, unit) : "–"}</strong><small>a month</small></span>
                </summary>
                <div class="finding-body">
                    {finding.infers && <p>{finding.infers}</p>}
                    <dl class="pairs">
                        <dt>saving</dt><dd>{saving(finding, unit)} a month{finding.annual_saving ? `, ${displayNumber(finding.annual_saving, unit)} a year` : ""}, of {displayNumber(finding.monthly_cost, unit)}</dd>
                        {finding.account && <><dt>account</dt><dd>{finding.account}{finding.account_name ? ` (${finding.account_name})` : ""}</dd></>}
                        {finding.region && <><dt>region</dt><dd>{finding.region}</dd></>}
                        {finding.formula && <><dt>formula</dt><dd class="exact">{finding.formula}</dd></>}
                        {finding.confidence != null && <><dt>confidence</dt><dd>{displayNumber(String(Math.round(Number(finding.confidence) * 100)), "percent").replace(".0", "")}</dd></>}
                        {finding.effort && <><dt>effort</dt><dd>{finding.effort}</dd></>}
                        {finding.risk && <><dt>risk</dt><dd>{finding.risk}</dd></>}
                        {finding.price_source && <><dt>prices</dt><dd>{finding.price_source === "own" ? "from this bill" : finding.price_source}</dd></>}
                        <dt>rule</dt><dd><code>{finding.rule}</code></dd>
                    </dl>
                    {finding.evidence.length > 0 && <><h4>Evidence</h4><ul class="evidence">{finding.evidence.map((text) => <li>{text}</li>)}</ul></>}
                    {resources.length > 0 && <Resources resources={resources} unit={unit} />}
                    {(finding.false_positives?.length ?? 0) > 0 && <><h4>May be wrong when</h4><ul class="evidence">{finding.false_positives!.map((text) => <li>{text}</li>)}</ul></>}
                    <Commands title="Check first" commands={finding.verify} />
                    <Commands title="Then, one by one" commands={finding.remediate} />
                    <div class="row">
                        <button type="button" class="button small" onClick={() => void copyText(ticketText(finding, unit), "Text for a ticket")}><Icon name="copy" size={15} />Copy as ticket</button>
                        <button type="button" class="button small" onClick={onDismiss}>Put aside</button>
                    </div>
                </div>
            </details>
        </li>
    );
}

function Resources({ resources, unit }: { resources: FindingResource[]; unit: string | null }) {
    const priced = resources.some((one) => one.monthly_cost !== undefined);
    const columns = [
        { name: "resource", label: "resource", type: "text" as const, unit: null },
        ...(priced ? [{ name: "cost", label: "cost a month", type: "decimal" as const, unit }, { name: "saving", label: "saving", type: "decimal" as const, unit }] : []),
    ];
    const rows = resources.map((one) => (priced ? [one.resource, one.monthly_cost ?? null, one.monthly_saving ?? null] : [one.resource]));
    const display = rows.map((row) => row.map((cell, at) => (at === 0 ? String(cell) : displayNumber(cell, unit))));
    return <><h4>Resources</h4><Table columns={columns} rows={rows} display={display} caption="Resources" visible={8} /></>;
}

function Commands({ title, commands }: { title: string; commands: string[] }) {
    if (!commands.length) return null;
    const text = commands.join("\n");
    return (
        <>
            <h4>{title}</h4>
            <div class="commands">
                <pre class="sql-text" tabIndex={0} aria-label={title}><code>{text}</code></pre>
                <button type="button" class="button small" onClick={() => void copyText(text, "Commands")} aria-label={`Copy: ${title}`}><Icon name="copy" size={15} /></button>
            </div>
        </>
    );
}
